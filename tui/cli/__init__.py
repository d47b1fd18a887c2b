"""What can be said on the command line, and what becomes of it."""
