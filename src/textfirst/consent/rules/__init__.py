"""What people's words say about consent, and what is answered. No I/O, no framework."""
