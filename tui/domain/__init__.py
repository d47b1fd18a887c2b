"""What usage means: pure functions and frozen data; no clock, no files, no network."""
