"""The demo organization is deterministic and adds up, and its API is what OpenAI's own client expects."""

from datetime import datetime, timedelta

import openai
import pytest

from tests.support.builders import NOW
from tests.support.cli import demo_server
from tui.domain.kinds import Kind


def test_the_official_client_reads_every_page_without_a_validation_error():
    """`_strict_response_validation` makes OpenAI's own client refuse what its types do not allow."""
    fields = ["project_id", "user_id", "api_key_id", "model", "batch", "service_tier", "api_source"]
    with (
        demo_server("--seed", "7") as address,
        openai.OpenAI(
            admin_api_key="sk-admin-official", base_url=address, _strict_response_validation=True, max_retries=0
        ) as client,
    ):
        usage = client.admin.organization.usage
        start = int((datetime.now(tz=NOW.tzinfo) - timedelta(days=9)).timestamp())
        pages = [usage.completions(start_time=start, limit=4, group_by=fields)]
        while pages[-1].has_more:
            pages.append(usage.completions(start_time=start, limit=4, group_by=fields, page=pages[-1].next_page))
        assert len(pages) == 3
        results = [result for each in pages for bucket in each.data for result in bucket.results]
        assert {each.object for each in results} == {"organization.usage.completions.result"}
        assert all(each.input_tokens == each.input_cached_tokens + each.input_uncached_tokens for each in results)
        assert usage.completions(start_time=start, bucket_width="1h", limit=168).data
        assert usage.completions(start_time=start, bucket_width="1m", limit=1440, models=["gpt-6-sol"]).data
        for read, name in (
            (usage.file_search_calls, "organization.usage.file_searches.result"),
            (usage.web_search_calls, "organization.usage.web_searches.result"),
            (usage.code_interpreter_sessions, "organization.usage.code_interpreter_sessions.result"),
        ):
            found = read(start_time=start, limit=31, group_by=["project_id"])
            assert {each.object for bucket in found.data for each in bucket.results} == {name}
        for kind in Kind:
            read = getattr(usage, kind.value)
            found = read(start_time=start, limit=31, group_by=[kind.description.fields[0]])
            assert any(bucket.results for bucket in found.data), kind
        organization = client.admin.organization
        projects = list(organization.projects.list(limit=2, include_archived=True))
        names = [each.name for each in projects]
        assert names == ["Assistant", "Research", "Labelling", "Reports (2024)", "Contracts"]
        assert len(list(organization.projects.list())) == 4
        assert {each.name for each in organization.users.list()} >= {"Ada Byron", "CI"}
        keys = list(organization.projects.api_keys.list(projects[1].id, limit=1))
        assert [each.name for each in keys] == ["notebook", "agents"]
        read_settings(organization, {each.name: each.id for each in projects})
        with pytest.raises(openai.AuthenticationError, match="Incorrect API key"):
            openai.OpenAI(
                admin_api_key="sk-proj-no", base_url=address, max_retries=0
            ).admin.organization.usage.completions(start_time=start)
        with pytest.raises(openai.BadRequestError, match="limit"):
            usage.completions(start_time=start, limit=32)


def read_settings(organization, projects: dict[str, str]) -> None:
    """Every limit and setting, by the strict client."""
    limit = organization.spend_limit.retrieve()
    assert (limit.threshold_amount, limit.enforcement.status) == (25_000, "inactive")
    assert [each.threshold_amount for each in organization.spend_alerts.list(limit=1)] == [10_000, 20_000]
    assert organization.data_retention.retrieve().type == "modified_abuse_monitoring"
    of = organization.projects
    assert of.spend_limit.retrieve(projects["Research"]).threshold_amount == 20_000
    with pytest.raises(openai.NotFoundError):
        of.spend_limit.retrieve(projects["Labelling"])
    rates = {each.model: each for each in of.rate_limits.list_rate_limits(projects["Assistant"], limit=2)}
    assert rates["gpt-6-sol"].max_tokens_per_1_minute == 1_000_000
    assert of.data_retention.retrieve(projects["Contracts"]).type == "zero_data_retention"
    assert of.retrieve(projects["Contracts"]).residency == "EU_STORAGE_PROCESSING"
    assert not of.hosted_tool_permissions.retrieve(projects["Assistant"]).web_search.enabled
    assert of.service_tier_settings.retrieve(projects["Contracts"]).default == "fast"


def test_the_official_client_reads_costs_whose_amounts_are_strings_as_live():
    """Its types say number, so a strict one would refuse what the live API sends."""
    with (
        demo_server("--seed", "7") as address,
        openai.OpenAI(admin_api_key="sk-admin-official", base_url=address, max_retries=0) as client,
    ):
        costs = client.admin.organization.usage.costs
        start = int((datetime.now(tz=NOW.tzinfo) - timedelta(days=9)).timestamp())
        page = costs(start_time=start, limit=180, group_by=["line_item", "project_id"])
        found = [each for bucket in page.data for each in bucket.results]
        assert {each.object for each in found} == {"organization.costs.result"}
        assert any(each.amount.value > 0 for each in found)
        assert any(each.amount.value == 0 and each.quantity for each in found), "what was free"
        whole = sum(
            each.amount.value for bucket in costs(start_time=start, limit=180).data for each in bucket.results
        )
        assert whole == pytest.approx(sum(each.amount.value for each in found)), "it makes floats of them"
        by = ["line_item", "user_id", "api_key_id", "api_source"]
        told = [each for bucket in costs(start_time=start, limit=180, group_by=by).data for each in bucket.results]
        assert all(each.api_key_id and each.api_source for each in told)
        assert whole == pytest.approx(sum(each.amount.value for each in told))
