"""Everything that can go wrong, as sentences for the person at the terminal.

    TuiError
    ├── BadSettings            2  a flag, the environment, config.toml or a replay file
    ├── NameUnread             4  it could not be looked up what is called so
    ├── KeyMissing             3  there is no admin key, or plainly not an admin key
    │   └── KeyCommandFailed   3  the command that is to give it does not
    ├── ArchiveFailed          2  the archive cannot be read or written; data are shown all the same
    ├── InternalError          1  a fault of this program, worth reporting
    └── ApiError               4  the API was asked and did not give what was asked for
        ├── KeyRefused         3  401: this key is not accepted
        ├── ScopeMissing       3  403: this key may not read usage
        ├── RequestRefused     4  400 and other 4xx
        │   └── NotKept        4  the start is before what the API keeps
        ├── NotFound           4  404: nothing at this address
        ├── RateLimited        4  429
        ├── ServerFailed       4  5xx
        ├── Redirected         4  3xx: never followed, the key would go along
        ├── Unreachable        4  refused, reset, no such host
        ├── TimedOut           4  no answer in time
        ├── TlsFailed          4  the certificate is not trusted
        └── Unreadable         4  an answer that is not what the API documents
            └── BucketMissing  4  an answer that leaves out what is needed

The number is the exit status. An error says what happened apart from what to do about it, and from what a server
said of it, which is not to be shown everywhere.
"""

from __future__ import annotations

from datetime import datetime

PARTIAL = 4
"""The exit status of a command that could read only a part of what it was asked for."""

UNKNOWN = 5
"""The exit status of `check` where it cannot be told whether a pool has room."""


class TuiError(Exception):
    """The root: `problem` is what happened and what it means, `advice` what to do next, both in sentences.

    `quoted` are words of a server's own, without quotation marks. `exit_status` is what a command ends with.
    """

    exit_status = 4

    def __init__(self, problem: str, advice: str = "", *, quoted: str = "") -> None:
        super().__init__(problem, advice)
        self.problem, self.advice, self.quoted = problem, advice, quoted

    @property
    def sentence(self) -> str:
        """All of it, on one line."""
        said = f'{self.problem.removesuffix(".")}: "{self.quoted}".' if self.quoted else self.problem
        return f"{said} {self.advice}".rstrip()

    def __str__(self) -> str:
        return self.sentence


class BadSettings(TuiError):
    """Something that the user set cannot be used."""

    exit_status = 2


class NameUnread(TuiError):
    """A name stands for an id that could not be looked up; whether there is one, nobody knows."""


class KeyMissing(TuiError):
    """There is no admin key, or what is there is plainly something else."""

    exit_status = 3


class KeyCommandFailed(KeyMissing):
    """The command that is to give the admin key does not; it is this that must be looked at."""


class InternalError(TuiError):
    """A fault of this program. What was read stays as it is."""

    exit_status = 1

    @classmethod
    def of(cls, error: BaseException) -> InternalError:
        """Return the error that reports another, which nobody expected."""
        return cls(f"A fault of oai-usage-tui, worth reporting: {type(error).__name__}: {error}.")


class ArchiveFailed(TuiError):
    """The file of what was read before cannot be read or written. Nothing that it held is lost.

    `is_passing` says that the file itself is sound: the disk is full, another program writes, a folder is closed.
    """

    exit_status = 2

    def __init__(self, problem: str, advice: str = "", *, is_passing: bool = False) -> None:
        super().__init__(problem, advice)
        self.is_passing = is_passing


class ApiError(TuiError):
    """The API did not give what was asked for.

    `status` is the HTTP status, where there was an answer at all; `code` is the API's own name for what went wrong;
    `request_id` is OpenAI's name for the request, worth quoting to their support; `retry_after` is how many seconds
    the server asks to be left alone.
    """

    may_pass = False
    """Whether the same request can succeed later, with nothing changed."""

    def __init__(
        self,
        problem: str,
        advice: str = "",
        *,
        status: int | None = None,
        code: str | None = None,
        request_id: str | None = None,
        retry_after: float | None = None,
        quoted: str = "",
    ) -> None:
        super().__init__(problem, advice, quoted=quoted)
        self.status = status
        self.code = code
        self.request_id = request_id
        self.retry_after = retry_after


class KeyRefused(ApiError):
    """401: the key is not accepted."""

    exit_status = 3


class ScopeMissing(ApiError):
    """403: the key is accepted and may not read this."""

    exit_status = 3


class RequestRefused(ApiError):
    """400, or another 4xx that has no name of its own."""


class NotKept(RequestRefused):
    """What was asked for begins before what the API keeps; `earliest` is the first moment that it says it does."""

    earliest: datetime | None = None


class NotFound(ApiError):
    """404: the base URL leads elsewhere."""


class RateLimited(ApiError):
    """429: too many requests."""

    may_pass = True


class ServerFailed(ApiError):
    """5xx: the other side is in trouble."""

    may_pass = True


class Redirected(ApiError):
    """3xx: not followed."""


class Unreachable(ApiError):
    """No connection, or one that broke."""

    may_pass = True


class TimedOut(ApiError):
    """No answer in time."""

    may_pass = True


class TlsFailed(ApiError):
    """The other side could not prove who it is."""


class Unreadable(ApiError):
    """An answer came, and it is not what the API documents."""


class BucketMissing(Unreadable):
    """An answer came without the day that is needed, as it may in the first moments of a new one."""

    may_pass = True


HOPELESS = (KeyRefused, ScopeMissing, RateLimited, TlsFailed)
"""Errors that the next request would meet as well."""
