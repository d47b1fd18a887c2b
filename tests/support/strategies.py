"""What hypothesis makes usage of: rows, buckets of a week."""

from functools import partial

from hypothesis import strategies as st

from tests.support.builders import NOW
from tui.domain.rows import Row
from tui.domain.time import last_days
from tui.domain.usage import Bucket

WINDOW = last_days(NOW, 6)

COUNTS = st.integers(0, 10**15)

ROWS = st.builds(
    partial(Row),  # else hypothesis makes up the fields that are not named here
    model=st.sampled_from(["gpt-6-sol", "gpt-6-luna", "ft:x:[prod]", "", None]),
    service_tier=st.sampled_from([None, "default", "incentivized-tier"]),
    project_id=st.sampled_from([None, "proj_a", "proj_b"]),
    input_tokens=COUNTS,
    output_tokens=COUNTS,
    requests=COUNTS,
)

BUCKETS = st.lists(
    st.builds(Bucket, st.sampled_from(list(WINDOW.starts())), st.lists(ROWS, max_size=8).map(tuple)), max_size=10
)
