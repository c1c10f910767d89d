"""What people do to campaigns (`planning`, `steering`), and the pump that sends them."""
