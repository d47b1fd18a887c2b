"""What stands in the body of the dashboard in the place of the table, or over it."""
