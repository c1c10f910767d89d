"""The shared inbox: threads, unread counts, replies."""
