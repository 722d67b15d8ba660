"""The Digest: everything that one week's edition says, ready to be laid out.

Templates see this and nothing else. Sentences are whole and plain text; figures are already rounded to
what their noise supports. `refs` are numbers of entries in `Digest.references`: every figure and every
sentence has at least one.
"""

from __future__ import annotations

from dataclasses import dataclass, field

Refs = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a figure comes from: the source, its page, the capture that holds the bytes.

    `url` is the public page; `capture` is what `gapwatch explain` takes ("c12"); `observed` is the day.
    """

    number: int
    source: str
    title: str
    url: str
    capture: str
    observed: str


@dataclass(frozen=True, slots=True)
class Item:
    """Something that happened: what, and what it means for a builder. `when` is a day in words.

    `brief` is what a headline makes of it, without capital and full stop; "" where it is no headline.
    `tasks` are those that it speaks of; none for what concerns everybody.
    `announced` is the announcement that explains it, with its day where that is known; "" for none.
    """

    text: str
    meaning: str
    when: str
    refs: Refs
    standing: str = "confirmed"
    brief: str = ""
    tasks: tuple[str, ...] = ()
    announced: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """A builder's question, and this week's answer to it in a sentence or two."""

    question: str
    text: str
    refs: Refs = ()


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a gap: who leads it, with what score, under which licence."""

    name: str
    value: str
    licence: str = ""


@dataclass(frozen=True, slots=True)
class Spark:
    """The gap over the last twelve months: (ISO day, gap) in order; what is unknown is left out."""

    points: tuple[tuple[str, float], ...] = ()
    label: str = ""


@dataclass(frozen=True, slots=True)
class BoardRow:
    """Where one task stands, by the metric that speaks for it first.

    `agreement` says in a few words whether the task's metrics agree; `others`, which do not, where they
    differ.
    `metric` is "" for a task without a public measure here, and `note` says so. `state` is one of
    closing, widening, tied, overtaken, reopened, steady, not enough data. `as_of` is the day of the figures,
    which is of the week where they are `recent`.
    """

    task: str
    metric: str = ""
    open: Side | None = None
    closed: Side | None = None
    gap: str = ""
    lag: str = ""
    state: str = ""
    spark: Spark = field(default_factory=Spark)
    as_of: str = ""
    others: str = ""
    note: str = ""
    refs: Refs = ()
    agreement: str = ""
    recent: bool = False


@dataclass(frozen=True, slots=True)
class Tier:
    """The cheapest price at a capability, open and closed: "at the level of GPT-4o (1,287 in chat)".

    `also` names further hosts of the open model, with their prices.
    """

    name: str
    open_model: str
    open_price: str
    open_host: str
    closed_model: str
    closed_price: str
    closed_host: str
    ratio: str
    refs: Refs
    also: str = ""


@dataclass(frozen=True, slots=True)
class PriceMove:
    """An offer whose price moved. Prices in USD per million tokens, as text; `change` like "-50 %"."""

    model: str
    provider: str
    before: str
    after: str
    change: str
    when: str
    refs: Refs
    standing: str = "confirmed"


@dataclass(frozen=True, slots=True)
class Story:
    """A piece of news; `also` names other feeds that had it, `topic` is what it is about, "" for none."""

    title: str
    url: str
    when: str
    source: str
    also: tuple[str, ...] = ()
    refs: Refs = ()
    topic: str = ""


@dataclass(frozen=True, slots=True)
class VendorNews:
    """The news of one vendor."""

    vendor: str
    stories: tuple[Story, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Watched:
    """What one vendor did in the week: prices, speed, launches, incidents, what it switches off."""

    vendor: str
    lines: tuple[Item, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Silence:
    """A source not heard from, or a `capture` of it held back: why, and since when its figures stand."""

    title: str
    reason: str
    since: str
    capture: str = ""


@dataclass(frozen=True, slots=True)
class Credit:
    """Whose figures these are, and under which licence; `source` is the name that references give."""

    title: str
    credit: str
    licence: str
    url: str
    source: str = ""

    @property
    def said(self) -> str:
        """The credit with its licence, as a source's record card asks for it."""
        whose = self.credit or self.title
        stated = self.licence and self.licence != "none stated" and self.licence not in whose
        return f"{whose}, {self.licence}" if stated else whose


@dataclass(frozen=True, slots=True)
class Digest:
    """One ISO week. A preview until it is published; then frozen.

    `edition` is "weekly", or "catch-up" on a database without earlier digests. `week` is "2026-W22";
    `title` like "week 22 of 2026"; `span` like "25 to 31 May". `quiet` is True where nothing moved: no gap,
    no lead, no price that matters. `headline_refs` stand after the headline and speak for the summary too.
    `no_news` says in a sentence which of the vendors that are always watched did nothing. `own_use` is True
    where it holds figures whose terms forbid publishing. Fields with a default came later; an edition that
    was frozen before lacks them.
    """

    week: str
    title: str
    span: str
    edition: str
    preview: bool
    generated: str
    headline: str
    summary: str
    quiet: bool
    happened: tuple[Item, ...]
    board: tuple[BoardRow, ...]
    tiers: tuple[Tier, ...]
    moves: tuple[PriceMove, ...]
    more_moves: int
    deprecations: tuple[Item, ...]
    news: tuple[VendorNews, ...]
    unknown: tuple[str, ...]
    corrections: tuple[Item, ...]
    held: tuple[Silence, ...]
    silences: tuple[Silence, ...]
    references: tuple[Reference, ...]
    credits: tuple[Credit, ...]
    headline_refs: Refs = ()
    questions: tuple[Answer, ...] = ()
    vendors: tuple[Watched, ...] = ()
    no_news: str = ""
    own_use: bool = False
