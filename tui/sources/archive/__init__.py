"""Buckets on disk: what was read once, kept in front of a source."""
