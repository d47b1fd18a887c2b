"""What a project's settings prove, or rule out, of why its tokens were billed."""

from __future__ import annotations

from tests.support.admin_settings import known, reason
from tests.support.builders import TODAY
from tui.domain.admin_settings import (
    NO_SETTINGS,
    Question,
    Topic,
)
from tui.domain.diagnosis import Diagnosis, Why
from tui.output import reasons
from tui.output import why as report


def test_zero_data_retention_proves_that_a_project_shares_nothing():
    """It excludes an organization from the program (help article 10306912, read 2026-10-07)."""
    found = known({Question(Topic.RETENTION, "proj_a"): "zero_data_retention"})
    assert [name for name, _ in reasons.proofs(reason(Why.NOT_SHARED), found)] == ["zero_data_retention"]
    assert "may keep data" in reasons.advice(reason(Why.NOT_SHARED), found)
    assert "save its setting" in reasons.advice(reason(Why.NOT_SHARED), NO_SETTINGS)
    whole = Diagnosis(TODAY, None, 0, 10, (), ())
    for type_ in ("zero_data_retention", "enhanced_zero_data_retention"):
        assert list(report.of_all(whole, known({Question(Topic.RETENTION): type_})))
    assert not list(report.of_all(whole, known({Question(Topic.RETENTION): "modified_abuse_monitoring"})))


def test_tools_that_are_switched_off_rule_themselves_out_unless_they_were_called():
    off = dict.fromkeys(("web_search", "file_search", "code_interpreter"), False)
    found = known({Question(Topic.HOSTED_TOOLS, "proj_a"): off})
    assert [name for name, _ in reasons.proofs(reason(Why.UNKNOWN), found)] == ["hosted_tools_off"]
    assert not list(reasons.proofs(reason(Why.NOT_SHARED, calls=(("web search", 3),)), found))
    one_is_on = known({Question(Topic.HOSTED_TOOLS, "proj_a"): {**off, "web_search": True}})
    assert not list(reasons.proofs(reason(Why.UNKNOWN), one_is_on))


def test_the_default_tier_of_a_project_explains_requests_of_a_tier_that_nobody_asked_for():
    found = known({Question(Topic.SERVICE_TIER, "proj_a"): "fast"})
    billed = reason(Why.SERVICE_TIER, detail="fast")
    assert list(reasons.proofs(reason(Why.SERVICE_TIER, detail="priority"), found)), "its name before"
    assert not list(reasons.proofs(reason(Why.SERVICE_TIER, detail="flex"), found))
    assert "Leave service_tier out" in reasons.advice(reason(Why.SERVICE_TIER, detail="flex"), found)
    assert "fast is the project's default" in dict(reasons.proofs(billed, found))["default_tier"]
    assert "service tier default" in reasons.advice(billed, found)
    assert not list(reasons.proofs(billed, known({Question(Topic.SERVICE_TIER, "proj_a"): "standard"})))


def test_regional_processing_is_said_to_cost_more_and_regional_storage_is_not():
    whole = Diagnosis(TODAY, None, 0, 10, (reason(Why.BATCH),), ())
    residency = Question(Topic.RESIDENCY)
    said = list(report.of_all(whole, known({residency: {"proj_a": "EU_STORAGE_PROCESSING"}})))
    assert "processed in EU only: 1.1 times" in said[0]
    for values in ({"proj_a": "EU_STORAGE"}, {"proj_a": "GLOBAL"}, {"proj_b": "EU_STORAGE_PROCESSING"}):
        assert not list(report.of_all(whole, known({residency: values})))
