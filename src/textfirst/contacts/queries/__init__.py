"""Reading contacts and what groups them."""
