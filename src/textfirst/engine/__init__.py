"""The asyncio process that talks to carriers."""
