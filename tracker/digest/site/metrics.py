"""A page for each metric: where its gap stands, how it came there, and who is on it."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.digest import words
from tracker.digest.site.citing import Cites
from tracker.digest.site.facts import Facts
from tracker.digest.site.names import metric_page, model_page
from tracker.digest.site.page import FIGURE, SHORT, Cell, Column, Page, Plot, Section, Table
from tracker.digest.site.plots import Course, Value, plot
from tracker.digest.weeks import day
from tracker.store.query import shown
from tracker.store.rows import PanelRow
from tracker.store.sitewide import Score
from tracker.trends.states import compared


def metric(id: str, facts: Facts, cites: Cites) -> Page:
    """One metric: where it stands, how it came there, and who is on it."""
    history = facts.panel[id]
    last = history[-1]
    said = words.standing(last, compared(last.difference, last.noise))
    licence = words.licensed(last.open_licence)
    best = f"the best open model, {last.open_name}{licence}, is {said}"
    lead = f"{best}; the best proprietary one is {last.closed_name}"
    sections = [
        Section("gap", "The gap", plots=_plots(history, cites)),
        Section("steps", "Steps", table=_steps(id, facts, cites)),
        Section("standing", "Standing", table=_standing(facts.scores.get(id, ()), last, facts, cites)),
    ]
    return Page(
        metric_page(id),
        "Metric",
        last.metric_name,
        words.sentence(lead),
        _facts(last, facts, cites),
        tuple(section for section in sections if section.plots or section.table),
        cites.credits(),
        Cell("The board", "board.html"),
        f"{last.board} {last.task} {id}",
    )


def _facts(row: PanelRow, facts: Facts, cites: Cites) -> tuple[tuple[str, Cell], ...]:
    counts = f"{row.n_open} open, {row.n_closed} proprietary" + (
        f", {row.n_unknown} unknown" if row.n_unknown else ""
    )
    noise = f"{words.points(row.noise, row.scale)} (90 %)" if row.noise is not None else "not published"
    return (
        ("Task", Cell(row.task)),
        ("Board", Cell(row.board)),
        ("Figures of", Cell(day(row.date), evidence=cites.all([row.capture]))),
        ("State", Cell(facts.stories[row.metric].state(row.date), tone="state")),
        ("Lag", Cell(words.lag(row.lag_strict) or "unknown")),
        ("Noise of the gap", Cell(noise)),
        ("Models", Cell(counts)),
    )


def _plots(history: Sequence[PanelRow], cites: Cites) -> tuple[Plot, ...]:
    """The gap, and the two frontiers that it lies between."""
    gap = tuple(Value(row.date, row.difference, _behind(row), cites(row.capture)) for row in history)
    sides = [
        Course(name, tone, tuple(_side(row, tone, cites) for row in history))
        for name, tone in (("Best open", "open"), ("Best proprietary", "closed"))
    ]
    unit = words.PER_CENT if history[-1].scale == "percent" else ""
    course = [Course("The gap", "plain", gap)]
    drawn = (
        plot("gap-chart", "The gap: proprietary minus open, in points", course, zero=True),
        plot("best-chart", "The best score of each side", sides, unit=unit),
    )
    return tuple(chart for chart in drawn if chart)


def _side(row: PanelRow, side: str, cites: Cites) -> Value:
    """The best score of a side on a day, and whose it is."""
    if side == "open":
        value, name = row.open_value, row.open_name
    else:
        value, name = row.closed_value, row.closed_name
    return Value(row.date, value, f"{words.score(value, row.scale)}, {name}", cites(row.capture))


def _behind(row: PanelRow) -> str:
    return f"{words.points(row.difference, row.scale)} {'ahead' if row.difference < 0 else 'behind'}"


def _steps(id: str, facts: Facts, cites: Cites) -> Table | None:
    """What moved the gap beyond its noise, the latest first."""
    scale = facts.panel[id][-1].scale
    cells = tuple(
        (
            Cell(day(step["at"]), evidence=cites.all(int(c[1:]) for c in step["evidence"])),
            Cell(
                named(step["model"], step["variant"], facts),
                _model(step["model"], facts),
                under=f"over {named(*_split(step['over']), facts)}",
            ),
            Cell("open" if step["side"] == "open" else "proprietary"),
            Cell(
                f"{words.points(step['before'], scale)} to {words.points(step['after'], scale)}",
                under=step["direction"],
            ),
            Cell(step["standing"]),
        )
        for step in reversed(facts.stories[id].events)
    )
    columns = (
        Column("Day", SHORT),
        Column("New leader"),
        Column("Side", SHORT),
        Column("Gap", SHORT),
        Column("Standing", SHORT),
    )
    told = "Steps of the gap beyond its noise, each against the leader before it on the scores of that day"
    return Table(told, columns, cells) if cells else None


def _split(leader: str) -> tuple[str, str]:
    """A model and its snapshot of `gpt-4o 2024-05-13`."""
    model, _, variant = leader.partition(" ")
    return model, variant


def _standing(scores: Sequence[Score], last: PanelRow, facts: Facts, cites: Cites) -> Table | None:
    """Every model of the last snapshot, the best first."""
    cells = tuple(_place(place, score, last.scale, facts, cites) for place, score in enumerate(scores, 1))
    columns = (
        Column("Model"),
        Column("Place", FIGURE),
        Column("Score", FIGURE),
        Column("Weights", SHORT),
        Column("Maker"),
    )
    return Table(f"Every model on {last.metric_name}, each at its best", columns, cells) if cells else None


def _place(place: int, score: Score, scale: str, facts: Facts, cites: Cites) -> tuple[Cell, ...]:
    model = facts.models.get(score.model)
    weights = model.weights if model else "unknown"
    return (
        Cell(
            named(score.model, score.variant, facts),
            _model(score.model, facts),
            evidence=cites.all([score.capture]),
        ),
        Cell(str(place)),
        Cell(words.score(score.value, scale), under=interval(score, scale)),
        Cell(weights, under=model.licence if model else ""),
        Cell(facts.vendors.get(model.organisation, model.organisation) if model else ""),
    )


def interval(score: Score, scale: str) -> str:
    """`1,350 to 1,364`, or "" where none is published."""
    if score.low is None or score.high is None:
        return ""
    return f"{words.score(score.low, scale)} to {words.score(score.high, scale)}"


def named(id: str, variant: str, facts: Facts) -> str:
    """A model as people name it."""
    return shown(facts.models[id].name or id, variant) if id in facts.models else id


def _model(id: str, facts: Facts) -> str:
    return model_page(id) if id in facts.models else ""
