"""One text to many people: audience, recipients, pace, progress."""
