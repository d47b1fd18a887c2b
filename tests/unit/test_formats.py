"""Exports as CSV, JSON, a JSON a line, OpenMetrics, in files, by any breakdown."""

from __future__ import annotations

import csv
import io
import json
from itertools import product

from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from tests.support.builders import FREE, TODAY, day, row, selected
from tui.domain import sanitize
from tui.domain.dimensions import DIMENSIONS, Grouping
from tui.domain.kinds import Kind
from tui.domain.metrics import metrics
from tui.domain.rows import Sums, add_up
from tui.domain.time import last_days
from tui.domain.usage import Report
from tui.output import records as flat
from tui.output.openmetrics import openmetrics

WINDOW = last_days(TODAY, 2)

COLUMNS = metrics(Kind.COMPLETIONS)

HOSTILE = ["=cmd|' /C calc'!A0", "a,b", 'say "x"', "two\nlines", "+1", "@x", "-1", "\x1b[2J", "x\u202ey", "\t=1"]

rows = st.builds(
    row,
    st.sampled_from(["gpt-6-sol", "gpt-5-nano", "o3", *HOSTILE]),
    st.integers(1, 10**9),
    st.integers(0, 10**6),
    st.integers(0, 100),
    service_tier=st.sampled_from([None, FREE, "flex"]),
    project_id=st.sampled_from([None, "proj_a", "proj_b"]),
    user_id=st.sampled_from([None, "user-1"]),
    batch=st.sampled_from([None, True, False]),
    input_cached_tokens=st.integers(0, 100),
)

reports = st.lists(rows, max_size=12).map(
    lambda rows: Report(WINDOW).with_buckets([day(0, *rows), day(1), day(2, *rows[:3])])
)

groupings = st.sampled_from(
    [Grouping(pair) for pair in product(DIMENSIONS, DIMENSIONS) if pair[0] != pair[1]]
    + [Grouping((name,)) for name in DIMENSIONS]
    + [Grouping(())]
)


@given(reports, groupings)
def test_for_every_breakdown_the_sums_are_those_of_all_rows(report, grouping):
    found = selected(report, grouping)
    assert sum((group.sums for group in found), Sums()) == add_up(report.rows())
    assert len({(group.start, group.names) for group in found}) == len(found)


@given(reports, groupings)
def test_csv_and_json_are_read_back_as_they_were(report, grouping):
    found = selected(report, grouping)
    dimensions = grouping.dimensions
    wanted = list(flat.records(found, dimensions, COLUMNS))
    lines = list(flat.as_ndjson(found, dimensions, COLUMNS))
    assert [json.loads(line) for line in lines] == wanted
    document = json.loads("\n".join(flat.as_json(found, dimensions, COLUMNS)))
    assert document == {"schema_version": 1, "rows": wanted}
    content = "\n".join(flat.as_csv(found, dimensions, COLUMNS)) + "\n"
    read = list(csv.DictReader(io.StringIO(content)))
    assert len(read) == len(wanted)
    for record, original in zip(read, wanted, strict=True):
        assert list(record) == list(original)
        for name, value in original.items():
            if name in dimensions:
                assert record[name].removeprefix("'") == sanitize.clean(value).removeprefix("'")
                assert not record[name].startswith(("=", "+", "-", "@", "\t"))
            else:
                assert record[name] == ("" if value is None else str(value))
    assert content.replace("\n", "").isprintable()


@given(reports, groupings)
def test_prometheus_reads_the_metrics(report, grouping):
    found = [group for group in selected(report, grouping) if group.start == TODAY]
    content = "\n".join(openmetrics(found, Kind.COMPLETIONS, grouping.dimensions, COLUMNS)) + "\n"
    families = {family.name: family for family in text_string_to_metric_families(content)}
    family = families["openai_completions_input_tokens"]
    assert (family.type, family.unit) == ("counter", "tokens")
    assert {sample.name for sample in family.samples} <= {"openai_completions_input_tokens_total"}
    assert sum(sample.value for sample in family.samples) == sum(group.sums.input for group in found)
    assert set(families) >= {"openai_completions_requests", "openai_completions_free_tokens"}


def test_names_that_look_alike_are_one_series():
    report = Report(WINDOW).with_buckets([day(0, row("a\u200b", 1, 0, 1), row("a\u200c", 2, 0, 1))])
    lines = list(openmetrics(selected(report, Grouping()), Kind.COMPLETIONS, ("model",), COLUMNS))
    assert next(line for line in lines if "input_tokens_total" in line).endswith(" 3")


def test_a_number_beyond_all_tokens_ends_nothing():
    assert COLUMNS["per_request"].value(Sums(10**400, 0, 3)) is None
