"""What changes consent: stops, permissions, seals, erasures."""
