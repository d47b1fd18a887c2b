"""What stands in the body of the dashboard: the table, or a text in its place or under it."""
