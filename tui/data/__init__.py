"""Facts with a date and a source."""
