"""The rows that a digest is built from, with names beside ids: what weekly.py answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from tracker.store.query import shown


@dataclass(frozen=True, slots=True)
class PanelRow:
    """One row of the gap panel, with the names and licences of its leaders."""

    metric: str
    vintage: str
    task: str
    board: str
    metric_name: str
    scale: str
    date: str
    open_model: str
    open_name: str
    open_licence: str
    open_value: float
    closed_model: str
    closed_name: str
    closed_value: float
    difference: float
    percent: float | None
    win_probability: float | None
    noise: float | None
    lag_strict: float | None
    n_open: int
    n_closed: int
    n_unknown: int
    capture: int
    source: str


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A change with its model's and metric's names; `own` where the seller is the model's own lab.

    `over` is the leader that an event of a gap is told against: the one of its side's last event.
    """

    id: str
    at: str
    kind: str
    source: str
    metric: str
    metric_name: str
    task: str
    board: str
    scale: str
    model: str
    model_name: str
    provider: str
    provider_name: str
    provider_role: str
    before: str
    after: str
    detail: str
    importance: float
    standing: str
    capture: int
    date: str
    licence: str
    weights: str
    own: bool
    variant: str
    over: str = ""

    @property
    def shown(self) -> str:
        """The model as people name it, with its date where the change is of one: `DeepSeek R1 0528`."""
        return shown(self.model_name, self.variant)


@dataclass(frozen=True, slots=True)
class Offer:
    """A model at a provider, with the prices in force (USD per million tokens)."""

    model: str
    name: str
    weights: str
    provider: str
    provider_name: str
    role: str
    source: str
    input: Decimal
    output: Decimal
    capture: int


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A watched place and how it is doing."""

    name: str
    kind: str
    title: str
    url: str
    vendor: str
    licence: str
    credit: str
    publishable: bool
    outcome: str
    note: str
    last_success: str | None
    last_attempt: str | None
    paused: bool = False
    removed: str | None = None


@dataclass(frozen=True, slots=True)
class NewsRow:
    """An announcement as first seen.

    `topics` and `models` are what its source says of it, one a line. `at_first` is True where it stood in its
    feed on the feed's first visit: then nobody knows when it appeared there.
    """

    id: int
    source: str
    source_title: str
    key: str
    url: str
    title: str
    vendor: str
    published: str | None
    first_seen: str
    text: str
    topics: str
    models: str
    capture: int
    at_first: bool = False

    @property
    def at(self) -> str:
        """When it was told, as far as known: published, else first seen."""
        return self.published or self.first_seen

    @property
    def prompt(self) -> bool:
        """Whether its day may be believed: what shows up weeks later was dated by the month, or back."""
        return self.at_first or self.first_seen[:10] <= _week_after(self.at)

    @property
    def old(self) -> bool:
        """Whether nobody knows when it was told: undated, and there when its feed was first read."""
        return self.at_first and not self.published


@dataclass(frozen=True, slots=True)
class Retiring:
    """What is switched off: where, on which day, what to use instead ("" where nothing is said).

    `model` and `name` are "" where it is no model that is known; `measured` is True where a board, a price
    list or a speed knows that model, too; `role` is its seller's; `told` is since when the day is known.
    """

    day: str
    seller: str
    subject: str
    replacement: str
    capture: int
    model: str = ""
    name: str = ""
    role: str = ""
    measured: bool = False
    told: str = ""


def _week_after(at: str) -> str:
    return (date.fromisoformat(at[:10]) + timedelta(days=7)).isoformat()
