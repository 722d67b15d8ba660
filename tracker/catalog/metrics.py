"""The table of metrics: every figure that Gapwatch compares is one of these.

Sources use the ids; `store` copies the table into the database so that questions can be answered
without importing it. Question counts are the boards' own: Aider polyglot 225 and edit 133 exercises,
HumanEval+ 164 problems.
"""

from __future__ import annotations

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


# Where people read each board; sources fetch other addresses of it.
PAGES = {
    "LMArena": "https://lmarena.ai/leaderboard/text",
    "LiveBench": "https://livebench.ai/",
    "Aider": "https://aider.chat/docs/leaderboards/",
    "EvalPlus": "https://evalplus.github.io/leaderboard.html",
    "BFCL": "https://gorilla.cs.berkeley.edu/leaderboard.html",
    "Vectara": "https://github.com/vectara/hallucination-leaderboard",
}


def _arena(category: str, name: str, task: str) -> tuple[Metric, Metric]:
    """A category of LMArena, with and without style control: two metrics, never mixed."""
    return (
        Metric(f"lmarena.text.{category}", f"LMArena {name}", "LMArena", task, "points", "elo"),
        Metric(
            f"lmarena.style.{category}",
            f"LMArena {name}, style control",
            "LMArena",
            task,
            "points",
            "elo",
        ),
    )


def _livebench(category: str, name: str, task: str) -> Metric:
    return Metric(f"livebench.{category}", f"LiveBench {name}", "LiveBench", task, "%", "percent")


def _price(part: str, name: str) -> Metric:
    return Metric(f"price.{part}", name, "price lists", "price", "USD per million tokens", "usd", False)


METRICS: tuple[Metric, ...] = (
    *_arena("overall", "text", "chat"),
    *_arena("multi_turn", "multi-turn", "chat"),
    *_arena("creative_writing", "creative writing", "chat"),
    *_arena("instruction_following", "instruction following", "instruction following"),
    *_arena("hard_prompts", "hard prompts", "reasoning"),
    *_arena("math", "maths", "maths"),
    *_arena("coding", "coding", "coding"),
    _livebench("reasoning", "reasoning", "reasoning"),
    _livebench("mathematics", "mathematics", "maths"),
    _livebench("coding", "coding", "coding"),
    _livebench("agentic_coding", "agentic coding", "agentic coding"),
    _livebench("data_analysis", "data analysis", "tool use and extraction"),
    _livebench("language", "language", "chat"),
    _livebench("if", "instruction following", "instruction following"),
    Metric("aider.polyglot", "Aider polyglot", "Aider", "coding", "%", "percent", questions=225),
    Metric("aider.edit", "Aider code editing", "Aider", "coding", "%", "percent", questions=133),
    Metric("evalplus.humaneval_plus", "HumanEval+", "EvalPlus", "coding", "%", "percent", questions=164),
    Metric("bfcl.overall", "BFCL overall", "BFCL", "tool use and extraction", "%", "percent"),
    Metric(
        "vectara.hallucination",
        "Vectara hallucination rate",
        "Vectara",
        "summarisation and faithfulness",
        "%",
        "percent",
        higher_is_better=False,  # its document set changed size twice, so its noise is left unknown
    ),
    _price("input", "Input tokens"),
    _price("output", "Output tokens"),
    _price("cache_read", "Cached input tokens"),
    _price("cache_write", "Tokens written to the cache"),
)

BY_ID = {metric.id: metric for metric in METRICS}
