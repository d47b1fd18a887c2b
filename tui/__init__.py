"""A terminal dashboard for the usage of one OpenAI organization."""

PROGRAM = "oai-usage-tui"
__version__ = "0.1.0"
