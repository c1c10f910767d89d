"""What channels decide without asking anybody: whether a form is usable, and how to say how a channel is."""
