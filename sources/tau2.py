"""τ²-bench: agents that serve customers with tools, under a policy, in conversation with a simulated user.

What: the share of tasks done at the first try (pass^1) in retail, airline, telecom and banking, each with
what a conversation costs in US dollars where the submitter says so. Of the current submissions (not the
"legacy" ones, not those of voice) only those count that use the benchmark's own agent with one model
("standard"), change no prompt, leave no task out, and speak with the simulated user that the guide
recommends; in banking, with all means of retrieval. Of two submissions of one model and effort the first
listed counts.
Whose: Sierra. Licence: MIT (the repository with its results); figures may be published; credit "τ²-bench
(Sierra), MIT".
Changes: several times a week. Shape: not recorded. The repository's submission guide and JSON schema, and
some of its submissions of 2026; one page names them all, and each has a page.
"""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from tracker.domain import Follow, Kind, ModelFact, Observation
from tracker.source import Parsed, Payload, Source

PLACE = "https://raw.githubusercontent.com/sierra-research/tau2-bench/main/web/leaderboard/public/submissions"
USER = "gpt-5.2"  # the simulated user that the guide recommends
DOMAINS = ("retail", "airline", "telecom", "banking_knowledge")


def parse(payload: Payload) -> Parsed:
    """Yield where each submission is, or what one submission scored."""
    page = payload.json()
    if payload.url.endswith("/manifest.json"):
        yield from (Follow(f"{PLACE}/{quote(name)}/submission.json") for name in page["submissions"])
    elif _comparable(page):
        yield from _submission(page)


def _comparable(page: dict[str, Any]) -> bool:
    how = page.get("methodology") or {}
    checked = how.get("verification") or {}
    changed = checked.get("modified_prompts") or checked.get("omitted_questions")
    standard = (page.get("submission_type") or "standard") == "standard"
    return standard and how.get("user_simulator") == USER and not changed


def _submission(page: dict[str, Any]) -> Parsed:
    effort = page.get("reasoning_effort")
    subject = f"{page['model_name']} ({effort} effort)" if effort else page["model_name"]
    for domain in DOMAINS:
        result = page["results"].get(domain) or {}
        if result.get("retrieval_config") in (None, "alltools"):
            for metric, figure in ((f"tau2.{domain}", "pass_1"), (f"tau2.cost.{domain}", "cost")):
                if result.get(figure) is not None:
                    yield Observation(subject, metric, Decimal(result[figure]))
    yield ModelFact(subject, "organisation", page["model_organization"])
    if released := (page.get("model_release") or {}).get("release_date"):
        yield ModelFact(subject, "released", released)


source = Source(
    kind=Kind.LEADERBOARD,
    parse=parse,
    title="τ²-bench",
    urls=(f"{PLACE}/manifest.json",),
    licence="MIT",
    credit="τ²-bench (Sierra), MIT",
    cadence=timedelta(days=3),
    documented=(
        "submissions[]",
        "model_name",
        "model_organization",
        "submission_type",
        "reasoning_effort",
        "results.retail.pass_1",
        "results.retail.cost",
        "results.banking_knowledge.retrieval_config",
        "methodology.user_simulator",
        "methodology.verification.modified_prompts",
        "methodology.verification.omitted_questions",
        "model_release.release_date",
    ),
)
