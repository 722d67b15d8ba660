"""What a digest is built from: everything that was known at the end of a week, or at a moment within it."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from tracker.config import Editing
from tracker.digest import prices
from tracker.digest.weeks import Week
from tracker.store import weekly
from tracker.store.query import Row, speed
from tracker.store.query.tiers import CHAT, Leader, led
from tracker.store.rows import ChangeRow, Offer, PanelRow, Retiring, SourceRow
from tracker.store.times import stamp
from tracker.trends.tiers import Tier, tiers

FAR = "9999"
Panel = Mapping[str, Sequence[PanelRow]]


@dataclass(frozen=True)
class Known:
    """Questions to the database, each asked once and only where something wants to know.

    `until` is the end of what may be known, `on` its day where the reader is.
    """

    connection: sqlite3.Connection
    week: Week
    until: datetime
    editing: Editing

    @property
    def on(self) -> date:
        """The day of `until` in the reader's zone."""
        return self.until.astimezone(self.week.start.tzinfo).date()

    @property
    def at(self) -> str:
        """`until` as the database writes it."""
        return stamp(self.until)

    @property
    def since(self) -> str:
        """The week's beginning as the database writes it."""
        return stamp(self.week.start)

    @cached_property
    def panel(self) -> Panel:
        """The panel of each metric, every open model counted as open."""
        return weekly.panel(self.connection, self.at, own=self.own)

    @cached_property
    def permissive(self) -> Panel:
        """The panel of each metric for open models under a permissive licence alone."""
        return weekly.panel(self.connection, self.at, "permissive", own=self.own)

    @cached_property
    def commercial(self) -> Panel:
        """The panel of each metric for open models that may be used commercially, if with conditions."""
        return weekly.panel(self.connection, self.at, "commercial", own=self.own)

    @cached_property
    def states(self) -> Mapping[str, str]:
        """The state of each metric's gap."""
        return weekly.states(self.connection, self.panel, self.at)

    @cached_property
    def steps(self) -> Mapping[str, Sequence[ChangeRow]]:
        """The events of each metric's gap in the whole record."""
        return weekly.steps(self.connection, self.at, own=self.own)

    @cached_property
    def changes(self) -> Sequence[ChangeRow]:
        """What moved in the week, the most important first."""
        return weekly.changes(self.connection, self.since, self.at, own=self.own)

    @cached_property
    def scores(self) -> Mapping[str, float]:
        """The score in chat of every model."""
        return weekly.scores(self.connection, CHAT, self.at, own=self.own)

    @cached_property
    def led(self) -> Sequence[Leader]:
        """Who led in chat, day by day."""
        return led(self.connection, self.at)

    @property
    def names(self) -> Mapping[str, str]:
        """The names of those who led."""
        return {one.model: one.name for one in self.led}

    @cached_property
    def tiers(self) -> Sequence[Tier[float]]:
        """The levels of those who led in chat in earlier times."""
        return tiers([(one.day, one.model) for one in self.led], self.scores, self.on)

    @cached_property
    def offers(self) -> Sequence[Offer]:
        """What labs, hosts and clouds ask, as far as it is believed."""
        return prices.credible(weekly.offers(self.connection, self.at, own=self.own))

    def speeds(self, at: str = "") -> Sequence[Row]:
        """The typical speeds that were lately measured, fastest first, now or at another time."""
        at = at or self.at
        rows = speed.typical(speed.speeds(self.connection, speed.Ask(at)), at)
        return [row for row in rows if self.own or self.sources[row["source"]].publishable]

    @cached_property
    def retiring(self) -> Sequence[Retiring]:
        """What is switched off from now on."""
        return weekly.retirements(self.connection, self.on.isoformat(), FAR, self.at, own=self.own)

    @cached_property
    def licences(self) -> Mapping[str, str]:
        """The licence of every open model that leads a board or moved, by the name that sentences use."""
        leading = {row.open_name: row.open_licence for rows in self.panel.values() for row in rows}
        classes = (*self.permissive.values(), *self.commercial.values())
        permissive = {row.open_name: row.open_licence for rows in classes for row in rows}
        moved = [*self.changes, *(step for steps in self.steps.values() for step in steps)]
        return leading | permissive | {one.shown: one.licence for one in moved if one.weights == "open"}

    @cached_property
    def withheld(self) -> Mapping[str, Sequence[str]]:
        """The boards of each task whose figures are not told."""
        return {} if self.own else weekly.withheld(self.connection, self.at)

    @cached_property
    def sources(self) -> Mapping[str, SourceRow]:
        """Every watched place by name."""
        return weekly.sources(self.connection)

    @cached_property
    def catch_up(self) -> bool:
        """Whether no place had been polled before the week."""
        return not weekly.watched_before(self.connection, self.since)

    @property
    def own(self) -> bool:
        """Whether withheld figures are told."""
        return self.editing.own_use
