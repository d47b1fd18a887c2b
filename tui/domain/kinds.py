"""What is counted: the kinds of usage that the API knows."""

from __future__ import annotations

from enum import Enum


class Kind(Enum):
    """A kind of usage; the value is the last part of the API's path, `/organization/usage/...`."""

    COMPLETIONS = "completions"
    FILE_SEARCHES = "file_search_calls"
    WEB_SEARCHES = "web_search_calls"
    CODE_INTERPRETER = "code_interpreter_sessions"


HOSTED_TOOLS = {
    Kind.FILE_SEARCHES: "file search",
    Kind.WEB_SEARCHES: "web search",
    Kind.CODE_INTERPRETER: "code interpreter",
}
"""Tools that run at OpenAI. Requests that use them are never free (help article 10306912, read 2026-09-28)."""
