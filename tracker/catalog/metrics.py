"""The table of metrics: every figure that Gapwatch compares is one of these.

Sources use the ids; `store` copies the table into the database so that questions can be answered
without importing it. A board's first metric of a task speaks for it before its later ones, and an
earlier board before a later one. Question counts are the boards' own; the noise of a board that publishes
neither an interval nor a count is unknown.
"""

from __future__ import annotations

from collections.abc import Iterator

from tracker.catalog.boards import FURTHER, Board, Entry
from tracker.domain import Metric

TASKS = (
    "chat",
    "instruction following",
    "reasoning",
    "maths",
    "coding",
    "agentic coding",
    "tool use and extraction",
    "summarisation and faithfulness",
    "classification",
    "long context",
    "vision",
    "multilingual",
)

UNITS = {"elo": "points", "percent": "%", "index": "points"}
COMPARED = tuple(UNITS)  # the scales of what a gap is measured on; as text it is a list in SQL, too


# What stands beside a board's scores: field of Board -> task, unit, scale, whether more is better.
BESIDE = {
    "costs": ("price", "USD", "usd", False),
    "tokens": ("price", "tokens", "tokens", False),
    "seconds": ("time to answer", "seconds", "speed", False),
    "rates": ("a further share", "%", "rate", True),
}


def _arena() -> dict[str, Entry]:
    """LMArena's categories, with and without style control: two metrics each, never mixed."""
    categories = {
        "overall": ("text", "chat"),
        "multi_turn": ("multi-turn", "chat"),
        "creative_writing": ("creative writing", "chat"),
        "instruction_following": ("instruction following", "instruction following"),
        "hard_prompts": ("hard prompts", "reasoning"),
        "math": ("maths", "maths"),
        "coding": ("coding", "coding"),
    }
    return {
        f"lmarena.{family}.{category}": (f"LMArena {name}{words}", task)
        for category, (name, task) in categories.items()
        for family, words in (("text", ""), ("style", ", style control"))
    }


_ANALYSIS = "https://artificialanalysis.ai/leaderboards/models"
BOARDS = (
    Board("LMArena", "https://lmarena.ai/leaderboard/text", "elo", _arena()),
    Board(
        "LiveBench",
        "https://livebench.ai/",
        "percent",
        {
            "livebench.reasoning": ("LiveBench reasoning", "reasoning"),
            "livebench.mathematics": ("LiveBench mathematics", "maths"),
            "livebench.coding": ("LiveBench coding", "coding"),
            "livebench.agentic_coding": ("LiveBench agentic coding", "agentic coding"),
            "livebench.data_analysis": ("LiveBench data analysis", "tool use and extraction"),
            "livebench.language": ("LiveBench language", "chat"),
            "livebench.if": ("LiveBench instruction following", "instruction following"),
        },
    ),
    Board(
        "SWE-bench",
        "https://www.swebench.com/",
        "percent",
        {
            "swebench.bash_only": ("SWE-bench Verified, mini-SWE-agent", "agentic coding", 500),
            "swebench.multilingual": ("SWE-bench Multilingual, mini-SWE-agent", "agentic coding", 300),
            "swebench.verified": ("SWE-bench Verified, best system", "agentic coding", 500),
        },
        costs={
            "swebench.bash_only.cost": "SWE-bench Verified, mini-SWE-agent: a task",
            "swebench.multilingual.cost": "SWE-bench Multilingual, mini-SWE-agent: a task",
        },
    ),
    Board(
        "Aider",
        "https://aider.chat/docs/leaderboards/",
        "percent",
        {
            "aider.polyglot": ("Aider polyglot", "coding", 225),
            "aider.edit": ("Aider code editing", "coding", 133),
        },
        costs={
            "aider.polyglot.cost": "Aider polyglot: a run",
            "aider.edit.cost": "Aider code editing: a run",
        },
        tokens={
            "aider.polyglot.tokens_in": "Aider polyglot: read in a run",
            "aider.polyglot.tokens_out": "Aider polyglot: written in a run",
        },
        rates={
            "aider.polyglot.first_try": "Aider polyglot: solved at the first try",
            "aider.edit.first_try": "Aider code editing: solved at the first try",
        },
    ),
    Board(
        "BFCL",
        "https://gorilla.cs.berkeley.edu/leaderboard.html",
        "percent",
        {"bfcl.overall": ("BFCL overall", "tool use and extraction")},
        costs={"bfcl.cost": "BFCL: a run"},
        seconds={"bfcl.latency": "BFCL: an answer"},
    ),
    Board(
        "Kagi",
        "https://help.kagi.com/kagi/ai/llm-benchmark.html",
        "percent",
        {"kagi.accuracy": ("Kagi offline benchmark", "reasoning")},
        costs={"kagi.cost": "Kagi offline benchmark: a run"},
        tokens={"kagi.tokens": "Kagi offline benchmark: written in a run"},
        seconds={"kagi.time": "Kagi offline benchmark: a task"},
    ),
    Board(
        "Vectara",
        "https://github.com/vectara/hallucination-leaderboard",
        "percent",
        # Its set of documents changed size, so each figure says of how many it is.
        {"vectara.hallucination": ("Vectara hallucination rate", "summarisation and faithfulness")},
        down=frozenset({"vectara.hallucination"}),
        rates={"vectara.answers": "Vectara: documents summarised"},
    ),
    Board(
        "BigCodeBench",
        "https://bigcode-bench.github.io/",
        "percent",
        {
            "bigcodebench.instruct": ("BigCodeBench instruct", "coding", 1140),
            "bigcodebench.complete": ("BigCodeBench complete", "coding", 1140),
        },
    ),
    Board(
        "EvalPlus",
        "https://evalplus.github.io/leaderboard.html",
        "percent",
        {
            "evalplus.humaneval_plus": ("HumanEval+", "coding", 164),
            "evalplus.mbpp_plus": ("MBPP+", "coding", 378),
        },
    ),
    Board(
        "AlpacaEval",
        "https://tatsu-lab.github.io/alpaca_eval/",
        "percent",
        # Verdicts are shares between 0 and 1, so the binomial noise of 805 is the most that theirs can be.
        {"alpaca_eval.lc_win_rate": ("AlpacaEval length-controlled", "instruction following", 805)},
        rates={"alpaca_eval.win_rate": "AlpacaEval: win rate without length control"},
    ),
    Board(
        "Artificial Analysis",
        _ANALYSIS,
        "index",
        {
            "aa.intelligence": ("Artificial Analysis Intelligence Index", "reasoning"),
            "aa.coding": ("Artificial Analysis Coding Index", "coding"),
            "aa.agentic": ("Artificial Analysis Agentic Index", "tool use and extraction"),
            "aa.math": ("Artificial Analysis Math Index", "maths"),
        },
        costs={"aa.intelligence.cost": "Artificial Analysis Intelligence Index: a task"},
    ),
    Board(
        "Artificial Analysis",
        _ANALYSIS,
        "percent",
        {  # a question that is asked several times counts once: that tells nothing of other questions
            "aa.gpqa": ("AA GPQA Diamond", "reasoning", 198),
            "aa.hle": ("AA Humanity's Last Exam", "reasoning", 2158),
            "aa.mmlu_pro": ("AA MMLU-Pro", "reasoning", 12032),
            "aa.scicode": ("AA SciCode", "coding", 288),
            "aa.livecodebench": ("AA LiveCodeBench", "coding"),
            "aa.aime_25": ("AA AIME 2025", "maths", 30),
            "aa.aime": ("AA AIME 2024", "maths", 30),
            "aa.math_500": ("AA MATH-500", "maths", 500),
            "aa.ifbench": ("AA IFBench", "instruction following", 294),
            "aa.lcr": ("AA Long Context Reasoning", "long context", 100),
            "aa.terminalbench_hard": ("AA Terminal-Bench Hard", "agentic coding", 44),
            "aa.tau2": ("AA tau2-bench Telecom", "tool use and extraction", 114),
        },
    ),
    *FURTHER,
)

# What tokens cost; then what is sold by another measure, which is never compared with a price of tokens.
PRICES = {
    "price.input": ("Input tokens", "USD per million tokens"),
    "price.output": ("Output tokens", "USD per million tokens"),
    "price.cache_read": ("Cached input tokens", "USD per million tokens"),
    "price.cache_write": ("Tokens written to the cache", "USD per million tokens"),
    "sold.image": ("Images", "USD per image"),
    "sold.request": ("Requests", "USD per request"),
    "sold.hour": ("Dedicated hours", "USD per hour"),
    "sold.minute": ("Minutes of audio", "USD per minute"),
    "sold.characters": ("Characters", "USD per million characters"),
}

# How fast a host serves; `condition` says which of many measurements a figure is ("p50").
SPEEDS = {
    "speed.throughput": ("Output speed", "throughput", "tokens per second", True),
    "speed.ttft": ("Time to first token", "time to first token", "seconds", False),
    "speed.uptime": ("Uptime", "uptime", "%", True),
}


def _of_board(board: Board) -> Iterator[Metric]:
    for id, (name, task, *questions) in board.metrics.items():
        unit, up = UNITS[board.scale], id not in board.down
        yield Metric(id, name, board.name, task, unit, board.scale, up, next(iter(questions), None))
    for kind, (task, unit, scale, more) in BESIDE.items():
        for id, name in getattr(board, kind).items():
            yield Metric(id, name, board.name, task, unit, scale, more)


METRICS: tuple[Metric, ...] = (
    *(metric for board in BOARDS for metric in _of_board(board)),
    *(Metric(id, name, "price lists", "price", unit, "usd", False) for id, (name, unit) in PRICES.items()),
    *(Metric(id, name, "serving", task, unit, "speed", up) for id, (name, task, unit, up) in SPEEDS.items()),
)

BY_ID = {metric.id: metric for metric in METRICS}
PAGES = {board.name: board.page for board in BOARDS}
