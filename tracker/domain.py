"""The nouns of Gapwatch, as frozen values. Nothing of ours is imported here.

A source's `parse` yields records (`Observation`, `ModelFact`, `Announcement`), `Follow` for a next page
and `Unread` for what it must leave out; everything after it in the line speaks of models, captures, gaps
and changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


class Kind(StrEnum):
    """What a watched place tells us."""

    LEADERBOARD = "leaderboard"
    PRICES = "prices"
    SPEED = "speed"
    NEWS = "news"
    CATALOGUE = "catalogue"


class Weights(StrEnum):
    """Whether a model's weights can be downloaded. Unknown never counts as open."""

    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"


class LicenceClass(StrEnum):
    """What a licence lets a business do with the weights."""

    PERMISSIVE = "permissive"
    RESTRICTED = "restricted commercial"
    NON_COMMERCIAL = "non-commercial"
    PROPRIETARY = "proprietary"
    UNKNOWN = "unknown"


class Outcome(StrEnum):
    """What became of one visit to a source: a value, not an exception that stops the rest."""

    NEW = "new"
    UNCHANGED = "unchanged"
    SUSPECT = "suspect"
    BLOCKED = "blocked"
    FAILED = "failed"
    OFFLINE = "offline"
    PAUSED = "paused"


class Standing(StrEnum):
    """How far a change is to be believed."""

    PROVISIONAL = "provisional"
    CONFIRMED = "confirmed"
    CORRECTED = "corrected"
    RETRACTED = "retracted"
    UNCONFIRMED = "unconfirmed"


@dataclass(frozen=True, slots=True)
class Observation:
    """One figure as a source states it.

    `subject` is the source's own spelling of the model; `provider` the host that serves it, where the
    figure depends on one. `value`, `low` and `high` (95 % interval) and `n` (votes or questions) are
    exact decimals in the metric's unit. `condition` tells apart prices or speeds of one offer, in the words
    of conditions.py; `vintage` names the span in which a metric's scale is comparable, where the source
    states it. `at` is the day that the source gives its own figures, where it does.

    A price may be dated: `effective_from` and `effective_to` are the first and the last day on which the
    source says that it holds, `announced` the day on which it says that it was made known. None: not said.
    """

    subject: str
    metric: str
    value: Decimal
    provider: str = ""
    condition: str = ""
    vintage: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    n: int | None = None
    at: datetime | None = None
    announced: date | None = None
    effective_from: date | None = None
    effective_to: date | None = None


# What may be said of a model that is not a measurement: fields of `ModelFact`.
FIELDS: tuple[str, ...] = ("name", "organisation", "licence", "weights", "weights_url", "released")
FIELDS += ("retires", "replacement", "context", "status", "quantisation", "terms")


@dataclass(frozen=True, slots=True)
class ModelFact:
    """What a source says of a model that is not a measurement.

    `field` is one of FIELDS: name, organisation, licence, weights ("open", "closed"), weights_url, released,
    retires (days in ISO form), replacement, context, status, quantisation, terms (how it is sold where no
    price is given, such as "contact sales"). `provider` says on whose price list it stood.
    """

    subject: str
    field: str
    value: str
    provider: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Announcement:
    """A piece of news; `key` is its identity in the source (guid, else canonical URL, else a hash)."""

    key: str
    url: str
    title: str
    vendor: str
    published: datetime | None = None
    text: str = ""
    topics: tuple[str, ...] = ()
    models: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Follow:
    """A further page of the same visit."""

    url: str


@dataclass(frozen=True, slots=True)
class Unread:
    """A row or cell that a parser could not take for what it should be; the rest of its page stands.

    `what` is a phrase for people: which row, and what stood there.
    """

    what: str


Record = Observation | ModelFact | Announcement


@dataclass(frozen=True, slots=True)
class Metric:
    """What is measured: for which task, in which unit, and which way is better.

    `scale` is "elo" (a difference of 400 is ten to one), "percent" (0 to 100) or "index" (the board's own
    points) where models are compared; "usd", "tokens" or "speed" tell what serving them takes, "rate" is
    a share that stands beside a score. `questions` is the size of the test set: where a board publishes no
    interval, its noise is the binomial one.
    """

    id: str
    name: str
    board: str
    task: str
    unit: str
    scale: str
    higher_is_better: bool = True
    questions: int | None = None


@dataclass(frozen=True, slots=True)
class Model:
    """A canonical identity: same weights or same product, whatever a source calls it."""

    id: str
    name: str
    organisation: str = ""
    weights: Weights = Weights.UNKNOWN
    licence: str = ""
    licence_class: LicenceClass = LicenceClass.UNKNOWN
    released: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """Where a source's spelling leads: a model and variant, and by which rule; model "" is unresolved."""

    subject: str
    model: str
    variant: str = ""
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What moved, with before, after, evidence and standing.

    `kind` is one of: listed, gone, listing, price up, price down, score, leader, gap, licence, weights.
    `before` and `after` are figures as text ("" for none); `detail` says in a few words what the kind
    leaves open: the side of a gap, which leader, how many rows. `importance` goes from 0 to 1.
    `evidence` names captures; `judged` is when the snapshot that decided its standing was observed ("" for
    none): before that it was provisional.
    """

    at: str
    kind: str
    source: str
    model: str
    capture: int
    variant: str = ""
    metric: str = ""
    provider: str = ""
    before: str = ""
    after: str = ""
    detail: str = ""
    importance: float = 0.0
    standing: Standing = Standing.CONFIRMED
    judged: str = ""
    evidence: tuple[int, ...] = ()

    @property
    def id(self) -> str:
        """Derived from what is said, not from when it was computed: recomputing gives the same id."""
        from hashlib import sha256  # questions need no hash, and pay 2 ms for it

        said = (self.at, self.kind, self.source, self.metric, self.model, self.variant)
        text = "|".join((*said, self.provider, self.detail))
        return "x" + sha256(text.encode()).hexdigest()[:10]
