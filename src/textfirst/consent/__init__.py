"""Who asked us to stop, and what they said."""
