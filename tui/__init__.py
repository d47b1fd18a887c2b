"""A terminal dashboard for the usage of one OpenAI organization."""

__version__ = "0.1.0"
