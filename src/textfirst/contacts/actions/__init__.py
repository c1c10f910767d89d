"""What can be done to contacts and what groups them. Each action is one transaction that also records what changed."""
