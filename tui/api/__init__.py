"""The admin API of OpenAI: the only room that knows httpx."""
