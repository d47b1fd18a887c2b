"""A reason why tokens were billed, in words: what it is, what proves it, what it cost, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from tui.domain import formatting, sanitize
from tui.domain.admin_settings import NO_SETTINGS, AdminSettings
from tui.domain.costs import dollars
from tui.domain.diagnosis import Reason, Why

_TOOLS = {"code_interpreter", "file_search", "web_search"}

_SHARING_PAGE = "platform.openai.com/settings/organization/data-controls/sharing"

_WHAT = {
    Why.FINE_TUNED: "fine-tuned models are never free",
    Why.UNLISTED: "the model is in no list of free models",
    Why.NEWER: "the model is newer than the list of {detail}, so whether it can be free is not known",
    Why.SERVICE_TIER: "the requests were of the service tier {detail}, which is not known to be free",
    Why.BATCH: "the requests were a batch, which is not known to be free",
    Why.NOT_ENROLLED: "nothing at all was free on this day: the organization was not enrolled, or shared nothing",
    Why.NOT_SHARED: "the project had no free usage while the {detail} pool still gave: it does not share its traffic",
    Why.POOL_SPENT: "the {detail} pool was spent",
    Why.HOSTED_TOOLS: "the project used hosted tools that day, and what uses them is never free: this may be it",
    Why.UNKNOWN: "the data do not say why",
}
_SAID = "the project is not among sharing_projects in config.toml"
_DO = {
    Why.FINE_TUNED: "Use a listed model where that will do.",
    Why.NEWER: "Name its pool in [pools] in config.toml where you know it; use a listed model otherwise.",
    Why.UNLISTED: "Use a listed model, or add it to [pools] in config.toml if OpenAI lists it by now.",
    Why.SERVICE_TIER: "Leave service_tier out of the requests that should be free.",
    Why.BATCH: "Send what should be free as plain requests.",
    Why.NOT_ENROLLED: f"An owner can see and set it at {_SHARING_PAGE}.",
    Why.NOT_SHARED: f"If it should share: save its setting anew at {_SHARING_PAGE}, which has helped others.",
    Why.POOL_SPENT: "Move work to after 00:00 UTC, or to models of the other pool.",
    Why.HOSTED_TOOLS: "Do without file search, web search and code interpreter where requests should be free.",
    Why.UNKNOWN: "It can be the request that crossed the limit, which is billed whole, or a rule not published.",
}


def words(reason: Reason) -> str:
    """Return why, as half a sentence."""
    if reason.said:
        return _SAID
    or_tools = ", or all of it used hosted tools" if reason.why is Why.NOT_SHARED and reason.calls else ""
    return _WHAT[reason.why].format(detail=sanitize.clean(reason.detail or "")) + or_tools


def cost(reason: Reason) -> str:
    """Return what the tokens cost at list prices, as a part of a sentence; nothing where no price is known."""
    return cost_of((reason,))


def cost_of(reasons: Iterable[Reason]) -> str:
    """Return the same of several reasons together."""
    costs = [(reason.cost, reason.unpriced) for reason in reasons]
    known = [amount for amount, _ in costs if amount is not None]
    if not known:
        return ""
    least = "at least " if any(unpriced or amount is None for amount, unpriced in costs) else ""
    return f", est. {least}{dollars(sum(known, Decimal(0)))}"


def proof(reason: Reason, label: Callable[[str], str] = str) -> str:
    """Return what proves it: the project, the models, the hours, the calls."""
    parts = []
    if reason.project_id is not None:
        parts.append(f"project {sanitize.clean(label(reason.project_id))}")
    parts.append(", ".join(sanitize.clean(name) for name in reason.models))
    end = reason.last_hour.hour + 1
    parts.append(f"{reason.first_hour:%H}:00-{end:02d}:00 UTC")
    parts += [formatting.count(calls, f"{tool} call") for tool, calls in reason.calls]
    return "; ".join(parts)


def by_reason(reasons: Iterable[Reason]) -> list[list[Reason]]:
    """Return the reasons of different projects that are the same one together, the largest first."""
    found: dict[tuple[str, str], list[Reason]] = {}
    for reason in reasons:
        found.setdefault((reason.why.value, words(reason)), []).append(reason)
    return sorted(found.values(), key=lambda same: -sum(reason.tokens for reason in same))


def proofs(reason: Reason, settings: AdminSettings) -> Iterator[tuple[str, str]]:
    """Yield what the settings of the reason's project prove, or rule out: a word for programs, and a sentence."""
    project = reason.project_id
    if project is None:
        return
    if _is_excluded(reason, settings):
        yield (
            "zero_data_retention",
            "The project has zero data retention: what it sends is shared with nobody, and never free.",
        )
    if reason.why in {Why.NOT_SHARED, Why.UNKNOWN} and not reason.calls and settings.tools_off(project) >= _TOOLS:
        yield "hosted_tools_off", "It was no hosted tool: they are switched off in this project."
    if _is_by_default(reason, settings):
        tier = sanitize.clean(settings.service_tier(project) or "")
        yield "default_tier", f"{tier} is the project's default: requests that ask for no service tier get it."


def advice(reason: Reason, settings: AdminSettings = NO_SETTINGS) -> str:
    """Return what to do, as far as the project's settings leave it."""
    if _is_excluded(reason, settings):
        return "Send what should be free from a project that may keep data."
    if _is_by_default(reason, settings):
        return "Ask for the service tier default in these requests, or change the project's own."
    return _DO[reason.why]


def _is_by_default(reason: Reason, settings: AdminSettings) -> bool:
    """Return whether the reason's tier is the project's own default; `priority` is called `fast` now."""
    if reason.why is not Why.SERVICE_TIER or reason.project_id is None:
        return False
    names = {(name or "").lower() for name in (reason.detail, settings.service_tier(reason.project_id))}
    return len(names) == 1 or names == {"priority", "fast"}


def _is_excluded(reason: Reason, settings: AdminSettings) -> bool:
    is_about_sharing = reason.why in {Why.NOT_SHARED, Why.NOT_ENROLLED}
    return is_about_sharing and reason.project_id is not None and settings.keeps_no_data(reason.project_id)
