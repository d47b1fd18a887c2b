"""The admin API of OpenAI: the only package that knows httpx."""
