"""Costs as the API sends them: lenient with a line, a bucket, a page; paging that does not end well; overlaps."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders import DAY, NOW, TODAY
from tests.support.loopback import Reply, refusal
from tui.domain.costs import total
from tui.domain.time import last_days
from tui.errors import ApiError, KeyRefused, ScopeMissing, ServerFailed, Unreadable
from tui.sources.openai import cost_lines
from tui.sources.openai.costs import CostClient

SECONDS = int(TODAY.timestamp())


def line(value: object = "10", item: str | None = "gpt-6-sol, input", **fields) -> dict:
    return {"amount": {"value": value, "currency": "usd"}, "line_item": item, "project_id": "p", **fields}


def bucket(ago: int, *results: object, clipped: int = 0, **fields) -> dict:
    return {"start_time": SECONDS - ago * 86_400 + clipped, "results": list(results), **fields}


def days(first: int, last: int) -> list[dict]:
    """From so many days ago to so many, oldest first."""
    return [bucket(ago, line()) for ago in range(first, last - 1, -1)]


def page(*data: object, more: bool | None = None, cursor: str | None = None) -> dict:
    return {"data": list(data), "has_more": cursor is not None if more is None else more, "next_page": cursor}


async def read(serve, answer, ago: int = 9):
    async with serve(answer) as (client, asked):
        return await CostClient(client).costs(last_days(NOW, ago)), asked


AFTER_THE_END = {
    "an empty page": lambda _: page(cursor="more"),
    "the same cursor": lambda _: page(*days(3, 1), cursor="second"),
    "ever new cursors": lambda asked: page(*days(3, 1), cursor=asked.one("page") + "x"),
    "a refused cursor": lambda _: refusal(400, "The page token is invalid"),
    "no cursor": lambda _: page(more=True),
    "a failing server": lambda _: Reply(b"{}", 503),
    "no JSON": lambda _: Reply(b"<html>"),
}


@pytest.mark.parametrize("what", AFTER_THE_END)
@pytest.mark.parametrize("names_today", [True, False])
async def test_what_was_read_is_kept_whatever_comes_after_it(serve, what, names_today):
    def answer(asked):
        if asked.one("page") is not None:
            return AFTER_THE_END[what](asked)
        if int(asked.one("start_time")) > SECONDS - 9 * 86_400:  # what is asked for again has nothing new
            return page()
        return page(*days(9, 0 if names_today else 1), cursor="second")

    found, asked = await read(serve, answer)
    assert len(found.days) == (10 if names_today else 9)
    assert total(found.days[TODAY - 9 * DAY]) == 10
    assert len(asked) < 12
    if names_today:
        assert len(asked) == 1, "having every bucket is the end"
        assert found.problem is None
    elif what in {"a failing server", "no JSON"}:
        assert found.problem.startswith("Costs of 2026-11-20 could not be read. ")
    else:
        assert found.problem is None


async def test_behind_a_refused_cursor_the_rest_is_asked_for_anew(serve):
    def answer(asked):
        if asked.one("page") is not None:
            return refusal(400, "The page token is invalid")
        begin = (SECONDS - int(asked.one("start_time"))) // 86_400
        return page(*days(begin, max(0, begin - 3)), cursor="lost")

    found, _ = await read(serve, answer)
    assert len(found.days) == 10
    assert found.problem is None


@pytest.mark.parametrize("lost", [refusal(503, "down"), Reply(b"<html>"), page(*days(9, 6), more=True)])
async def test_the_gap_is_named_and_what_came_before_is_there(serve, lost):
    def answer(asked):
        if asked.one("page") is not None or int(asked.one("start_time")) > SECONDS - 9 * 86_400:
            return lost
        return page(*days(9, 6), cursor="second")

    found, _ = await read(serve, answer)
    assert len(found.days) == 4
    assert found.problem.startswith("Costs of 2026-11-15 to 2026-11-20 could not be read. ")


async def test_an_unreadable_page_costs_its_own_days(serve):
    def answer(asked):
        begin = (SECONDS - int(asked.one("page") or asked.one("start_time"))) // 86_400
        if begin == 215:
            return Reply(b"[]")
        last = max(0, begin - 179) if asked.one("end_time") is None else max(180, begin - 179)
        return page(*days(begin, last))

    found, _ = await read(serve, answer, ago=215)
    assert len(found.days) == 180, "the newest ones, in a piece of their own"
    assert "Costs of 2026-04-19 to 2026-05-24 could not be read" in found.problem


@pytest.mark.parametrize("status", [401, 403, 404, 400, 503])
async def test_where_nothing_came_the_error_is_raised(serve, status):
    with pytest.raises(ApiError) as caught:
        await read(serve, lambda _: refusal(status), ago=400)
    assert caught.value.status == status
    assert isinstance(caught.value, KeyRefused | ServerFailed) or status not in {401, 503}


@pytest.mark.parametrize("body", [b"", b"<html>", b"null", b"[]", b'{"data": 1}', b'{"data": [', b"[" * 100_000])
async def test_what_is_no_page_is_an_error_in_words(serve, body):
    with pytest.raises(Unreadable, match="asked for costs"):
        await read(serve, lambda _: Reply(body))


AMOUNTS = [
    ('{"value": 12.5}', "12.5"), ('{"value": "12.50"}', "12.50"), ('{"value": "1.5E-7"}', "1.5E-7"),
    ('{"value": 1.5e-7}', "1.5E-7"), ('{"value": 0.060000000000000000001}', "0.060000000000000000001"),
    ('{"value": -25}', "-25"), ('{"value": " 3 ", "currency": null}', "3"), ("4.25", "4.25"), ('"4.25"', "4.25"),
    ('{"value": null}', None), ("null", None), ("{}", None),
]  # fmt: skip


@pytest.mark.parametrize(("amount", "value"), AMOUNTS)
async def test_an_amount_is_a_number_in_any_writing_and_none_is_no_number(serve, amount, value):
    body = f'{{"data": [{{"start_time": {SECONDS}, "results": [{{"amount": {amount}}}]}}], "has_more": false}}'
    found, _ = await read(serve, lambda _: Reply(body.encode()))
    assert [cost.amount for cost in found.days[TODAY]] == ([] if value is None else [Decimal(value)])
    assert found.problem is None
    assert not found.incomplete


BAD_LINES = [
    '{"amount": {"value": NaN}}', '{"amount": {"value": "nonsense"}}', '{"amount": {"value": Infinity}}',
    '{"amount": {"value": 1e30}}', '{"amount": {"value": [1]}}', '{"amount": true}', '{"amount": {"value": ""}}',
    '{"amount": {"value": 1, "currency": 7}}', '"line"', "null", "7", '{"amount": {"value": ' + "9" * 5_000 + "}}",
]  # fmt: skip


@pytest.mark.parametrize("bad", BAD_LINES)
async def test_a_line_that_cannot_be_read_costs_that_line_and_its_day_says_so(serve, bad):
    good = json.dumps(line())
    body = f"""{{"data": [{{"start_time": {SECONDS}, "results": [{good}, {bad}]}},
        {{"start_time": {SECONDS - 86_400}, "results": [{good}]}}], "has_more": false}}"""
    found, _ = await read(serve, lambda _: Reply(body.encode()))
    assert [total(lines) for lines in found.days.values()] == [10, 10]
    assert found.incomplete == {TODAY}
    assert found.problem == "Missing in the sums, since unreadable: 1 line of costs (2026-11-20)."


@pytest.mark.parametrize(
    "bad",
    [None, 7, {"results": []}, {"start_time": "x", "results": []}, {"start_time": SECONDS - 86_400, "results": 7},
     {"start_time": 10**14, "results": []}, {"start_time": 1.5, "results": []}],
)  # fmt: skip
async def test_a_bucket_that_cannot_be_read_costs_that_bucket(serve, bad):
    found, _ = await read(serve, lambda _: page(bad, bucket(0, line())))
    assert set(found.days) == {TODAY}
    assert "1 day of costs without a date could not be read" in found.problem or bad == {"results": 7}


@pytest.mark.parametrize("start", [float(SECONDS), str(SECONDS), f"{SECONDS}.0"])
async def test_a_bucket_begins_at_a_number_in_any_writing(serve, start):
    found, _ = await read(serve, lambda _: page({"start_time": start, "results": [line()]}))
    assert set(found.days) == {TODAY}


async def test_names_that_are_none_lose_no_money(serve):
    found, _ = await read(serve, lambda _: page(bucket(0, line(1, item=7), line(2, project_id=["p"]))))
    assert total(found.days[TODAY]) == 3
    assert [cost.project_id for cost in found.days[TODAY]] == ["p", None]


async def test_pages_that_overlap_and_repeat_are_counted_once(serve):
    pages = {
        None: page(bucket(2, line("1"), line("2", "x, 1")), bucket(1, line("3")), cursor="b"),
        "b": page(bucket(1, line("4"), line("5", "x, 1")), bucket(2, line("9")), cursor="c"),
        "c": page(bucket(0, line("6"), line("-1")), more=False),
    }
    found, _ = await read(serve, lambda asked: pages[asked.one("page")], ago=3)
    assert total(found.days[TODAY - 2 * DAY]) == 9 + 2, "what comes again takes its own place only"
    assert total(found.days[TODAY - DAY]) == 4 + 5
    assert total(found.days[TODAY]) == 6 - 1, "two lines of one group in one delivery both count"


async def test_a_clipped_first_bucket_is_a_part_of_its_day_and_what_was_not_asked_for_is_left_out(serve):
    others = (bucket(40, line("9")), bucket(-3, line()))
    answer = page(bucket(1, line("1"), clipped=3_600), bucket(1, line("2")), *others)
    found, _ = await read(serve, lambda _: answer, ago=3)
    assert {start: total(lines) for start, lines in found.days.items()} == {TODAY - DAY: 3}


async def test_a_quantity_counts_tokens_where_its_unit_says_so(serve):
    quantities = [(7, "tokens"), (1.5, "1000_tokens"), (9, "images"), (9, None), ("x", "tokens")]
    lines = [line(quantity=quantity, quantity_unit=unit) for quantity, unit in quantities]
    found, _ = await read(serve, lambda _: page(bucket(0, *lines)))
    assert [cost.tokens for cost in found.days[TODAY]] == [7, 1_500, None, None, None]


async def test_a_year_is_asked_for_in_pieces_the_newest_first(serve):
    def answer(asked):
        begin = (SECONDS - int(asked.one("start_time"))) // 86_400
        return page(*days(begin, max(0, begin - int(asked.one("limit")) + 1)))

    found, asked = await read(serve, answer, ago=364)
    assert len(found.days) == 365
    assert [int(each.one("limit")) for each in asked] == [180, 180, 5]
    assert asked[0].one("end_time") is None
    assert timedelta(seconds=int(asked[1].one("end_time")) - int(asked[1].one("start_time"))) == 180 * DAY


async def test_a_character_that_is_none_costs_no_page(serve):
    body = json.dumps(page(bucket(0, line()))).encode().replace(b"sol", b"s\xff\x01l")
    async with serve(lambda _: Reply(body)) as (client, _):
        found = await CostClient(client).costs(last_days(NOW, 0))
    assert found.days[TODAY]


async def test_a_key_that_may_read_usage_and_not_costs_is_told_so(serve):
    with pytest.raises(ScopeMissing) as caught:
        await read(serve, lambda _: Reply({"error": {"message": "no"}}, 403))
    assert "may not read costs" in caught.value.sentence


WRITTEN = [
    "0.06",
    '"0.06"',
    "1e-7",
    '"-5"',
    "12",
    "null",
    "NaN",
    '"abc"',
    '"1_000"',
    '" 7 "',
    "1e400",
    "[]",
    "9" * 50,
]
RESULTS = st.builds(
    '{{"amount": {{"value": {}, "currency": {}}}, "line_item": {}, "project_id": {}, "quantity": {}, '
    '"quantity_unit": {}, "api_key_id": "key_1"}}'.format,
    st.sampled_from(WRITTEN),
    st.sampled_from(["null", '"usd"', '" EUR "', "7"]),
    st.sampled_from(["null", '"gpt-6-sol, input"', "{}"]),
    st.sampled_from(["null", '"proj_a"', "3"]),
    st.sampled_from(["null", "12", "12.5", '"12"', "-4", "1e3"]),
    st.sampled_from(["null", '"tokens"', '"1000_tokens"', '"sessions"', "[]"]),
)


@given(st.lists(RESULTS, max_size=3), st.sampled_from(["1763596800", '"1763596800"', "1763596800.0", "null"]))
def test_a_page_in_one_go_is_the_page_read_line_by_line(results, start):
    lines = ", ".join(results)
    body = f'{{"data": [{{"start_time": {start}, "results": [{lines}]}}], "has_more": false}}'.encode()
    assert cost_lines.decode(body) == cost_lines._in_parts(body)
