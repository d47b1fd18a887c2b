"""Reading projects that the API refuses to be asked about by their ids, as it does with archived ones.

(A public connector met it live, 2026; status and code are not documented.) Their usage is in the organization's: it
is asked for by project instead, and what is of others is left out here.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace

from tui.domain.rows import regrouped
from tui.domain.usage import Bucket
from tui.errors import ApiError, NotFound, NotKept, RequestRefused, ScopeMissing
from tui.sources.base import Page, Query

_FILTER, _FIELD = "project_ids", "project_id"


Read = Callable[[Query], AsyncIterator[Page]]


async def pages(query: Query, read: Read, refused: set[tuple[tuple[str, str], ...]]) -> AsyncIterator[Page]:
    """Yield the answer as `read` has it, in the other way where it is refused; `refused` remembers such filters.

    Raises:
        ApiError: the first refusal, where the other way is refused as well.
    """
    refusal: ApiError | None = None
    if query.filters not in refused:
        is_begun = False
        try:
            async for page in read(query):
                is_begun = is_begun or bool(page.buckets)
                yield page
        except ApiError as error:
            if is_begun or not _is_about_scope(error, query):
                raise
            refusal = error
        else:
            return
    try:
        async for page in read(_unscoped(query)):
            refused.add(query.filters)
            yield _scoped(page, query)
    except ApiError as error:
        raise (refusal or error) from None


def _is_about_scope(error: ApiError, query: Query) -> bool:
    """Return whether an error may be about the projects that were asked for, and not about the question itself."""
    is_refusal = isinstance(error, RequestRefused | NotFound | ScopeMissing) and not isinstance(error, NotKept)
    return is_refusal and any(name == _FILTER for name, _ in query.filters)


def _unscoped(query: Query) -> Query:
    """Return the question about all projects whose answer holds that of this one."""
    return replace(
        query,
        group_by=tuple(dict.fromkeys((*query.group_by, _FIELD))),
        filters=tuple(each for each in query.filters if each[0] != _FILTER),
    )


def _scoped(page: Page, query: Query) -> Page:
    """Return what a page of the wider answer says of this question."""
    wanted = {value for name, value in query.filters if name == _FILTER}

    def of(bucket: Bucket) -> Bucket:
        own = (row for row in bucket.rows if row.project_id in wanted)
        return replace(bucket, rows=regrouped(own, query.group_by))

    return replace(page, buckets=tuple(map(of, page.buckets)))
