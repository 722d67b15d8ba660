"""`gapwatch alerts`: the rules, what they see now and what they last told; or what would fire now."""

from __future__ import annotations

from collections.abc import Sequence

import click

from tracker.cli.asking import Answer
from tracker.cli.output import Column, Row, as_json, as_table, wrapped
from tracker.config import Settings
from tracker.errors import NothingFound


@click.command()
@click.option("--test", "dry", is_flag=True, help="What would fire at the next pass; nothing is told.")
@click.option("--json", "form", flag_value="json", help="Answer in JSON.")
@click.pass_obj
def alerts(settings: Settings, dry: bool, form: str | None) -> None:
    """List the rules of alerts, what each sees now and when it last fired.

    A rule fires once, and holds still until it is armed again (docs/operations.md says when).

    \b
    gapwatch alerts
    gapwatch alerts --test --json
    """
    if not settings.alerts.rules:
        raise NothingFound("no rules; write some under [alerts] in the configuration")
    answer = _would_fire(settings) if dry else _rules(settings)
    if form == "json":
        click.echo(as_json(list(answer.rows)))
    elif answer.rows:
        click.echo(_told(answer.rows) if dry else as_table(list(answer.rows), answer.columns))
    if not answer.rows:
        raise NothingFound(answer.nothing)


def _rules(settings: Settings) -> Answer:
    """Every rule with each of its subjects."""
    from tracker.alerts import look
    from tracker.deliver import alerting

    facts, told = alerting.facts(settings), alerting.told(settings)
    rows: list[Row] = []
    for rule in settings.alerts.rules:
        seen = {one.subject: one for one in look(rule, facts, told)}
        states = {subject: state for (name, subject), state in told.items() if name == rule.name}
        for subject in [*seen, *(states.keys() - seen.keys())] or [""]:
            now, state = seen.get(subject), states.get(subject)
            rows.append(
                {
                    "rule": rule.name,
                    "subject": subject,
                    "now": now.value if now else "nothing seen",
                    "state": "told" if state and state.fired and state.level else "armed",
                    "last_fired": state.fired if state else None,
                    "told": state.text if state else "",
                }
            )
    return Answer(rows, _RULES)


def _would_fire(settings: Settings) -> Answer:
    from tracker.alerts import decide
    from tracker.deliver import alerting

    fired, _ = decide(settings.alerts.rules, alerting.facts(settings), alerting.told(settings), "")
    rows: list[Row] = [
        {"rule": one.rule, "text": one.seen.text, "url": one.seen.url, "evidence": f"c{one.seen.capture}"}
        for one in fired
    ]
    return Answer(rows, nothing="nothing would fire now")


def _told(rows: Sequence[Row]) -> str:
    """Each alert in whole: what it would tell, by which rule and evidence."""
    lines = []
    for row in rows:
        lines += wrapped(row["text"])
        lines.append(f"  gapwatch explain {row['evidence']} · rule: {row['rule']}")
    return "\n".join(lines)


_RULES = (
    Column("Rule", lambda row: row["rule"]),
    Column("Of", lambda row: row["subject"], name=True),
    Column("Now", lambda row: row["now"]),
    Column("State", lambda row: row["state"], firm=True),
    Column("Last fired", lambda row: (row["last_fired"] or "never")[:10], firm=True),
)
