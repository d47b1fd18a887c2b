"""The admin API of OpenAI: the only room that knows httpx."""

DEFAULT_BASE_URL = "https://api.openai.com/v1"
