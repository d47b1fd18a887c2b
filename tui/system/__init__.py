"""This machine: its files, terminals in the foreground, streams, and commands of the user's own."""
