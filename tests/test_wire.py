import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.world import bucket, page, result
from tui.api import wire
from tui.errors import Unreadable


def decoded(document: object) -> wire.Answer:
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
        (b'{"data": [{"start_time": "noon", "results": []}]}', "start_time"),
        (b'{"data": [{"start_time": 1, "results": [{"input_tokens": "many"}]}]}', "input_tokens"),
        (b'{"data": [{"start_time": 1, "results": [{"input_tokens": 1e400}]}]}', "input_tokens"),
        (b'{"data": [{"start_time": 1, "results": [{"output_tokens": -1}]}]}', "output_tokens"),
        (b'{"data": [{"start_time": 1, "results": [{"input_tokens": 9223372036854775808}]}]}', "input_tokens"),
        (b'{"data": [{"start_time": 1, "results": [{"seconds": -0.5}]}]}', "seconds"),
        (b"\xff\xfe", "malformed"),
    ],
)
def test_what_is_no_page_is_one_error_that_names_the_place(body, names):
    with pytest.raises(Unreadable, match=names):
        wire.decode(body)


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
