"""Data as text."""
