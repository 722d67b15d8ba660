"""`gapwatch daemon`: polls and publishes on schedule until told to stop."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import datetime

import click

from tracker.config import Settings


@click.command()
@click.pass_obj
def daemon(settings: Settings) -> None:
    """Poll and publish on schedule, until told to stop (Ctrl-C or SIGTERM).

    The week's digest is frozen, and delivered to whoever is configured, after the week's end at publish_day
    and publish_hour in your time zone; what failed is tried again. A second daemon on the same database
    leaves at once.

    \b
    gapwatch daemon
    gapwatch --config /etc/gapwatch.toml daemon
    """
    from tracker.cli import do_run
    from tracker.daemon import Daemon, Jobs
    from tracker.deliver.endpoint import answering

    def poll_due(now: datetime) -> str:
        counts = Counter(report.outcome for report in do_run.poll_due(settings))
        return (
            ", ".join(f"{number} {outcome}" for outcome, number in sorted(counts.items())) or "none was due"
        )

    def publish(week: str, now: datetime) -> None:
        do_run.publish_week(settings, week)

    def send_again(now: datetime) -> None:
        do_run.send_again(settings)

    jobs = Jobs(poll_due, publish, send_again, beside=lambda: answering(settings))
    sys.exit(Daemon(settings, jobs).run())
