import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders import TODAY, bucket, page, result
from tui.domain.kinds import Kind
from tui.domain.rows import add_up, regrouped
from tui.sources.openai import wire


def decoded(document: object) -> wire.WirePage:
    return wire.decode(json.dumps(document).encode())


def test_a_documented_page_becomes_rows():
    tiered = result("gpt-6-sol", 1_000, 500, 5, service_tier="default", project_id="proj_a", batch=False)
    answer = decoded(page(bucket(0, tiered), next_page="page_2"))
    (row,) = answer.spans[0].rows
    assert (row.model, row.input_tokens, row.output_tokens, row.requests) == ("gpt-6-sol", 1_000, 500, 5)
    assert (row.service_tier, row.project_id, row.user_id, row.batch) == ("default", "proj_a", None, False)
    assert (answer.has_more, answer.next_page) == (True, "page_2")


def test_cached_tokens_are_inside_input_and_not_added_again():
    answer = decoded(page(bucket(0, result("m", 1_000, 1, input_cached_tokens=400, input_audio_tokens=50))))
    assert answer.spans[0].rows[0].input_tokens == 1_000


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"results": None, "result": [result("m", 7)]}, "the old name of results"),
        ({"results": [result("m", 7, unheard_of={"deep": [1]})]}, "an unknown field"),
        ({"results": [{**result("m", 7), "object": "organization.usage.new.result"}]}, "an unknown result object"),
        ({"results": [result("m", 7, api_source="agents_api", batch="true")]}, "a loosely typed batch"),
        ({"results": [{"model": "m", "input_tokens": 7, "output_tokens": None}]}, "missing and null counts"),
        ({"results": [result("m", 7)], "end_time": None}, "no end"),
    ],
)
def test_what_the_api_is_known_to_vary_is_taken(change, why):
    answer = decoded(page({**bucket(0), **change}))
    assert answer.spans[0].rows[0].input_tokens == 7, why


def test_null_and_empty_models_are_the_same():
    rows = decoded(page(bucket(0, result(None), result("")))).spans[0].rows
    assert [row.model for row in rows] == [None, None]


def test_an_empty_bucket_has_no_rows_and_an_empty_page_no_buckets():
    assert decoded(page(bucket(0))).spans[0].rows == ()
    assert decoded(page()).spans == ()


@pytest.mark.parametrize(
    ("body", "names"),
    [
        (b"", "truncated"),
        (b"<html>502</html>", "malformed"),
        (b'{"data": [{"start_time": 1', "truncated"),
        (b'{"object": "list"}', "data"),
        (b"[]", "object"),
        (b'{"data": null}', "data"),
        (b'{"data": ' + b"[" * 100_000, "malformed|recursion|truncated"),
        (b"\xff\xfe", "malformed"),
    ],
)
def test_what_is_no_page_is_one_error_that_names_the_place(body, names):
    with pytest.raises(wire.Malformed, match=names):
        wire.decode(body)


MIDNIGHT = int(TODAY.timestamp())


@pytest.mark.parametrize(
    ("count", "read"),
    [
        (59200.0, 59_200),
        ("1234", 1_234),
        (" 1234.0 ", 1_234),
        ("1e3", 1_000),
        (1e15, 10**15),
        (None, 0),
        ("", 0),
    ],
)
@pytest.mark.parametrize(
    ("field", "of"),
    [
        ("input_tokens", "input_tokens"),
        ("output_tokens", "output_tokens"),
        ("num_model_requests", "requests"),
        ("input_cached_tokens", "input_cached_tokens"),
        ("output_image_tokens", "output_image_tokens"),
    ],
)
def test_a_count_in_another_type_is_the_number_that_it_means(count, read, field, of):
    (span,) = decoded(page(bucket(0, result("m", 1, 1, 1), result("m", 7, **{field: count})))).spans
    assert getattr(span.rows[1], of) == read
    assert span.left_out == 0
    assert span.rows[0].input_tokens == 1


@pytest.mark.parametrize(
    "field", ["num_sessions", "num_requests", "images", "characters", "seconds", "usage_bytes", "sessions"]
)
@pytest.mark.parametrize("amount", [3, 3.0, "3"])
def test_every_kind_of_usage_is_read_alike(field, amount):
    (span,) = decoded(page(bucket(0, {"object": "organization.usage.some.result", field: amount}))).spans
    assert (span.rows[0].amount, span.left_out) == (3, 0)


def test_seconds_may_be_fractions_and_tokens_may_not():
    assert decoded(page(bucket(0, {"seconds": "2.6"}))).spans[0].rows[0].amount == 3
    assert decoded(page(bucket(0, result(tokens=2.6)))).spans[0].left_out == 1


def test_fields_of_before_are_read_where_those_of_now_are_missing():
    old = {"n_context_tokens_total": 5, "n_generated_tokens_total": 2, "n_requests": 1, "snapshot_id": "gpt-4-0613"}
    (row,) = decoded(page(bucket(0, old))).spans[0].rows
    assert (row.model, row.input_tokens, row.output_tokens, row.requests) == ("gpt-4-0613", 5, 2, 1)
    (row,) = decoded(page(bucket(0, {"num_sessions": "4", "sessions": 9}))).spans[0].rows
    assert row.amount == 4


@pytest.mark.parametrize(
    ("batch", "is_one"),
    [("true", True), ("False", False), (1, True), (0.0, None), ("batch", True), ("", None), ("now and then", None)],
)
def test_a_batch_is_told_in_words_and_numbers_too(batch, is_one):
    (row,) = decoded(page(bucket(0, result(batch=batch)))).spans[0].rows
    assert row.batch is is_one


def test_ids_that_are_numbers_are_ids():
    (row,) = decoded(page(bucket(0, result(project_id=17, user_id=18.0, model="m")))).spans[0].rows
    assert (row.project_id, row.user_id) == ("17", "18")


BAD_ROWS = [
    '{"input_tokens": -5}',
    '{"output_tokens": "many"}',
    '{"input_tokens": 1.5}',
    '{"input_tokens": true}',
    '{"input_tokens": [1]}',
    '{"input_tokens": 1e400}',
    '{"input_tokens": 9223372036854775808}',
    '{"input_tokens": "9223372036854775808"}',
    '{"input_tokens": %s}' % ("9" * 5_000),
    '{"input_tokens": NaN}',
    '{"seconds": -0.5}',
    '{"num_sessions": -1}',
    '{"input_tokens": 1, "model": {"deep": [1]}}',
    '{"input_tokens": null, "output_tokens": ""}',
    '{"object": "organization.usage.dreams.result", "dreams": 3}',
    "{}",
    "null",
    "7",
    '"row"',
    "[]",
]


@pytest.mark.parametrize("bad", BAD_ROWS)
def test_a_row_that_cannot_be_read_costs_that_row_and_is_counted(bad):
    good = [json.dumps(result("m", tokens)) for tokens in (1, 2, 3)]
    days = (
        f'{{"start_time": {MIDNIGHT + place * 86_400}, "results": [{",".join(rows)}]}}'
        for place, rows in enumerate([[good[0], bad, good[1]], [good[2]]])
    )
    first, second = wire.decode(f'{{"data": [{",".join(days)}], "has_more": false}}'.encode()).spans
    assert ([row.input_tokens for row in first.rows], first.left_out) == ([1, 2], 1)
    assert ([row.input_tokens for row in second.rows], second.left_out) == ([3], 0)


@pytest.mark.parametrize(
    "bad",
    [
        {"start_time": "noon", "results": []},
        {"start_time": None, "results": []},
        {"results": [result()]},
        {"start_time": MIDNIGHT, "results": {"input_tokens": 1}},
        {"start_time": MIDNIGHT, "results": "none"},
        None,
        17,
        [],
    ],
)
def test_a_bucket_that_cannot_be_read_costs_that_bucket_and_is_counted(bad):
    answer = decoded({"data": [bucket(1, result(tokens=1)), bad, bucket(0, result(tokens=2))], "has_more": "false"})
    assert [span.rows[0].input_tokens for span in answer.spans] == [1, 2]
    assert answer.unreadable == 1
    assert answer.problem


@pytest.mark.parametrize("start", [float(MIDNIGHT), str(MIDNIGHT), f"{MIDNIGHT}.0"])
def test_times_in_another_type_are_the_seconds_that_they_mean(start):
    (span,) = decoded(page({"start_time": start, "end_time": start, "results": [result(tokens=5)]})).spans
    assert (span.start, span.end, span.rows[0].input_tokens) == (MIDNIGHT, MIDNIGHT, 5)
    (span,) = decoded(page({"start_time": start, "end_time": "late", "results": []})).spans
    assert (span.start, span.end, span.rows) == (MIDNIGHT, None, ())


@pytest.mark.parametrize(
    ("has_more", "next_page", "follows"),
    [
        ("true", "page_2", (True, "page_2")),
        ("false", "page_2", (False, "page_2")),
        (1, 2, (True, "2")),
        (0, None, (False, None)),
        ("perhaps", "page_2", (True, "page_2")),
        ({}, [], (False, None)),
        (None, None, (False, None)),
    ],
)
def test_whether_more_follows_is_told_in_other_types_too(has_more, next_page, follows):
    answer = decoded({"data": [bucket(0)], "has_more": has_more, "next_page": next_page})
    assert (answer.has_more, answer.next_page) == follows


def test_json_that_only_some_writers_make_is_read():
    good = json.dumps(page(bucket(0, result("m", 7)))).encode()
    for body in (
        b"\xef\xbb\xbf" + good,
        good.replace(b'"m"', b'"m\xff"'),
        good.replace(b'"m"', b'"m\t"'),
        good.replace(b'"m"', b'"\\ud800"'),
    ):
        assert wire.decode(body).spans[0].rows[0].input_tokens == 7


@pytest.mark.parametrize(
    ("fields", "writes", "uncached"),
    [
        ({"input_cached_tokens": 400, "input_cache_write_tokens": 100}, 100, 500),
        ({"input_cached_tokens": 400, "input_cache_write_tokens": 100, "input_uncached_tokens": 500}, 100, 500),
        ({"input_cached_tokens": 400, "input_cache_write_tokens": 100, "input_uncached_tokens": 200}, 100, 200),
        (
            {
                "input_cached_tokens": 400,
                "input_cache_write_tokens": 100,
                "input_cache_write_12h_tokens": 300,
                "input_uncached_tokens": 200,
            },
            400,
            200,
        ),
        (
            {
                "input_cached_tokens": 400,
                "input_cache_write_tokens": 400,
                "input_cache_write_12h_tokens": 300,
                "input_uncached_tokens": 200,
            },
            400,
            200,
        ),
        ({"input_cache_write_tokens": 100, "input_cache_write_12h_tokens": 300}, 400, 600),
        ({"input_cache_write_tokens": 400, "input_cache_write_12h_tokens": 300}, 400, 600),
        ({"input_cache_write_12h_tokens": 300}, 300, 700),
        ({"input_cache_write_30m_tokens": 100, "input_cache_write_12h_tokens": 300}, 400, 600),
        (
            {
                "input_cache_write_tokens": 400,
                "input_cache_write_30m_tokens": 100,
                "input_cache_write_12h_tokens": 300,
            },
            400,
            600,
        ),
    ],
)
def test_cache_writes_of_both_kinds_count_and_what_the_api_calls_uncached_is_uncached(fields, writes, uncached):
    for values in (fields, {name: str(value) for name, value in fields.items()}):
        (row,) = decoded(page(bucket(0, result(tokens=1_000, **values)))).spans[0].rows
        sums = add_up([row, row])
        assert (sums.cache_writes, sums.uncached) == (2 * writes, 2 * uncached)
        assert add_up(regrouped([row, row], ["model"])) == sums


@given(st.dictionaries(st.text(), st.recursive(st.text() | st.integers(), lambda leaf: st.lists(leaf, max_size=3))))
def test_a_raw_page_is_the_same_json_on_one_line_of_printable_ascii(document):
    for text in (json.dumps(document, indent=2), json.dumps(document, ensure_ascii=False)):
        try:
            body = text.encode()
        except UnicodeEncodeError:
            continue
        line = wire.one_line(body)
        assert json.loads(line) == document
        assert line.isascii()
        assert line.isprintable() or line == ""


def test_numbers_of_a_raw_page_stay_as_the_api_wrote_them():
    assert wire.one_line(b'{"value": 12.50,\n "big": 1e5}') == '{"value":12.50,"big":1e5}'


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b'{"error": {"message": "no", "type": "x"}}', "no"),
        (b'{"error": "plain"}', "plain"),
        (b'{"error": null}', None),
        (b'{"error": {"message": null}}', None),
        (b"<html>", None),
        (b'{"error": 5}', None),
    ],
)
def test_the_apis_own_words_are_found_in_both_forms(body, message):
    assert wire.api_message(body) == message


@pytest.mark.parametrize("change", [{"results": None}, {"results": "drop"}])
def test_a_bucket_without_a_list_of_results_is_not_read_and_no_bucket_without_usage(change):
    without = {**bucket(1), **change}
    if change["results"] == "drop":
        del without["results"]
    answer = decoded(page(without, bucket(0, result("m", 7))))
    assert ([span.rows[0].input_tokens for span in answer.spans], answer.unreadable) == ([7], 1)
    assert "no list of results" in answer.problem


@pytest.mark.parametrize("lacking", ["input_tokens", "output_tokens"])
@pytest.mark.parametrize("how", ["null", "missing"])
def test_completions_that_do_not_tell_their_tokens_are_counted_as_left_out(lacking, how):
    told = result("m", 7)
    told[lacking] = None
    if how == "missing":
        del told[lacking]
    body = json.dumps(page(bucket(0, told, result("n", 5)))).encode()
    (span,) = wire.decode(body, Kind.COMPLETIONS).spans
    assert ([row.model for row in span.rows], span.left_out) == (["m", "n"], 1)
    (span,) = wire.decode(body, Kind.EMBEDDINGS).spans
    assert span.left_out == 0
