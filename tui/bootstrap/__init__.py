"""The one place where parts are put together. What is slow to load is imported where it is needed."""
