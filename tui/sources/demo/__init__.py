"""A synthetic organization, and the API that serves it."""
