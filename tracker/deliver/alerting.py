"""After a pass: what rules have to tell is written down once, and handed over in one message."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from hashlib import sha256

from tracker.alerts import NEWS, Alert, Facts, decide
from tracker.config import Settings
from tracker.deliver.parcel import Delivery, Parcel, Parcels
from tracker.deliver.rounds import deliver
from tracker.digest import lines
from tracker.digest.tidy import address, plain, shortened
from tracker.store import alerting, database, weekly
from tracker.store.alerting import Notice, States
from tracker.store.query import happened
from tracker.store.reading import reading
from tracker.store.rows import NewsRow
from tracker.store.times import moment, stamp

KEPT = timedelta(days=5)  # how long a message is tried, as the ledger tries
LINE = 300


def facts(settings: Settings) -> Facts:
    """What is known now."""
    now = settings.clock()
    on = stamp(now)
    today = now.astimezone(settings.zone).date()
    with reading(settings.db) as connection:
        return Facts(
            today,
            weekly.panel(connection, on),
            weekly.offers(connection, on),
            alerting.retiring(connection, today.isoformat(), on),
            [news for news in happened.news(connection, on) if _is_fresh_incident(news, stamp(now - NEWS))],
        )


def _is_fresh_incident(news: NewsRow, since: str) -> bool:
    return news.at >= since and not news.old and "incident" in news.topics.split("\n")


def told(settings: Settings) -> States:
    """What rules have told so far."""
    with reading(settings.db) as connection:
        return alerting.states(connection)


def after_pass(settings: Settings) -> list[Delivery]:
    """Decide, keep and hand over; what became of it. Nothing is asked where there are no rules."""
    if not settings.alerts.rules:
        return []
    found, now = facts(settings), settings.clock()
    with database.writing(settings.db) as connection, database.transaction(connection):
        before = alerting.states_to_change(connection)
        fired, changed = decide(settings.alerts.rules, found, before, stamp(now))
        alerting.keep(connection, changed, _notice(fired, now) if fired else None)
        rules = {rule.name for rule in settings.alerts.rules}
        alerting.forget(connection, {rule for rule, _ in before} - rules)
    return hand_over(settings)


def hand_over(settings: Settings) -> list[Delivery]:
    """Hand every message of the last days to all who do not have it yet."""
    with reading(settings.db) as connection:
        notices = alerting.notices(connection, stamp(settings.clock() - KEPT))
    only = settings.alerts.to or None
    return [said for notice in notices for said in deliver(settings, notice.id, _parcels(notice), only)]


def _notice(fired: list[Alert], now: datetime) -> Notice:
    rows = [
        {
            "rule": alert.rule,
            "text": shortened(plain(alert.seen.text), LINE),
            "url": address(alert.seen.url),
            "evidence": f"c{alert.seen.capture}",
        }
        for alert in fired
    ]
    content = json.dumps({"at": stamp(now), "alerts": rows}, ensure_ascii=False)
    ident = sha256(content.encode()).hexdigest()[:8]
    return Notice(f"alerts-{now:%Y%m%dT%H%M%SZ}-{ident}", stamp(now), content)


def _parcels(notice: Notice) -> Parcels:
    """The message, the same for every reader: an alert is too short for a style of its own."""
    rows = json.loads(notice.content)["alerts"]
    more = f" (and {len(rows) - 1} more)" if len(rows) > 1 else ""
    said = "\n".join(line for row in rows for line in _told(row))
    parcel = Parcel(
        key=notice.id,
        title=rows[0]["text"] + more,
        at=moment(notice.at),
        text=f"GAPWATCH · alerts\n\n{said}\n",
        brief="\n".join(f"- {row['text']}" for row in rows),
        content=notice.content,
    )
    return lambda reader: parcel


def _told(row: dict[str, str]) -> list[str]:
    """An alert in lines: what, where it is told, by which evidence and rule."""
    where = [f"  {row['url']}"] if row["url"] else []
    return [
        lines.wrap(row["text"], "* ", "  "),
        *where,
        f"  gapwatch explain {row['evidence']} · rule: {row['rule']}",
    ]
