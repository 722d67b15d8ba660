"""What a leaderboard is in the table of metrics, and the boards that are read by their documentation.

The table itself is in metrics.py; it begins with the boards whose pages were recorded, and ends with these.
"""

from __future__ import annotations

from dataclasses import dataclass, field

Entry = tuple[str, str] | tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class Board:
    """A leaderboard: where people read it, its scale, and its metrics.

    `metrics` gives id -> (name, task) or (name, task, number of questions); `down` names those of which less
    is better. What a board tells beside its scores is not compared: `costs` (what a run or a task costs, in
    US dollars), `tokens` and `seconds` (how many it takes), `rates` (a further share in percent).
    """

    name: str
    page: str
    scale: str
    metrics: dict[str, Entry]
    down: frozenset[str] = frozenset()
    costs: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, str] = field(default_factory=dict)
    rates: dict[str, str] = field(default_factory=dict)


ARENA = "https://lmarena.ai/leaderboard"
LANGUAGES = ("chinese", "french", "german", "japanese", "korean", "polish", "russian", "spanish")
DOMAINS = ("retail", "airline", "telecom", "banking_knowledge")

TEXT: dict[str, Entry] = {
    "lmarena.text.non_english": ("LMArena text, not English", "multilingual"),
    **{f"lmarena.text.{name}": (f"LMArena {name.title()}", "multilingual") for name in LANGUAGES},
    "lmarena.text.expert": ("LMArena expert prompts", "reasoning"),
}
VISION: dict[str, Entry] = {
    "lmarena.vision.overall": ("LMArena vision", "vision"),
    "lmarena.vision.ocr": ("LMArena vision, text in pictures", "vision"),
    "lmarena.vision.diagram": ("LMArena vision, diagrams", "vision"),
}

FURTHER = (
    # Single tasks, where a category tells a builder too little; they speak after the boards that measure it.
    Board(
        "LiveBench",
        "https://livebench.ai/",
        "percent",
        {
            "livebench.summarize": ("LiveBench summarize", "summarisation and faithfulness"),
            "livebench.tablejoin": ("LiveBench table join", "tool use and extraction"),
            "livebench.tablereformat": ("LiveBench table reformatting", "tool use and extraction"),
            "livebench.cta": ("LiveBench column type annotation", "classification"),
        },
    ),
    # The arenas beside the text arena have scales of their own, so each is a board.
    Board("LMArena", f"{ARENA}/text", "elo", TEXT),
    Board("LMArena Vision", f"{ARENA}/vision", "elo", VISION),
    Board(
        "LMArena WebDev",
        f"{ARENA}/webdev",
        "elo",
        {"lmarena.webdev.overall": ("LMArena web development", "coding")},
    ),
    Board(
        "LMArena Search",
        f"{ARENA}/search",
        "elo",
        {"lmarena.search.overall": ("LMArena search", "tool use and extraction")},
    ),
    Board(
        "LMArena Document",
        f"{ARENA}/document",
        "elo",
        {"lmarena.document.overall": ("LMArena documents", "summarisation and faithfulness")},
    ),
    Board(
        "LMArena Agent",
        f"{ARENA}/agent",
        "index",
        {"lmarena.agent.overall": ("LMArena agents, net improvement", "tool use and extraction")},
    ),
    Board(
        "τ²-bench",
        "https://taubench.com/",
        "percent",
        # The counts follow from the figures: pass^4 is a share of a domain's tasks.
        {
            f"tau2.{domain}": (f"τ²-bench {domain.replace('_', ' ')}", "tool use and extraction", tasks)
            for domain, tasks in zip(DOMAINS, (114, 50, 114, 97), strict=True)
        },
        costs={f"tau2.cost.{name}": f"τ²-bench {name.replace('_', ' ')}, cost a task" for name in DOMAINS},
    ),
    Board(
        "Epoch AI",
        "https://epoch.ai/benchmarks",
        "percent",
        {
            "epoch.gpqa_diamond": ("GPQA Diamond", "reasoning"),
            "epoch.frontiermath": ("FrontierMath, tiers 1 to 3", "maths"),
            "epoch.otis_mock_aime": ("OTIS Mock AIME 2024-2025", "maths"),
            "epoch.swe_bench_verified": ("SWE-bench Verified, run by Epoch", "agentic coding"),
            "epoch.mirrorcode": ("MirrorCode", "agentic coding"),
            "epoch.simpleqa_verified": ("SimpleQA Verified, facts from memory", "chat"),
        },
    ),
    Board(
        "Epoch Capabilities Index",
        "https://epoch.ai/eci",
        "index",
        {"epoch.eci": ("Epoch Capabilities Index", "reasoning")},
    ),
    Board(
        "Terminal-Bench",
        "https://www.tbench.ai/leaderboard/terminal-bench/2.0",
        "percent",
        {"terminal_bench.terminus_2": ("Terminal-Bench 2.0 in Terminus 2", "agentic coding")},
    ),
    Board(
        "MMLU-Pro",
        "https://huggingface.co/spaces/TIGER-Lab/MMLU-Pro",
        "percent",
        {"mmlu_pro.overall": ("MMLU-Pro", "reasoning", 12032)},
    ),
    Board(
        "LiveCodeBench",
        "https://livecodebench.github.io/leaderboard.html",
        "percent",
        {"livecodebench.generation": ("LiveCodeBench code generation", "coding")},
    ),
    Board(
        "HELM",
        "https://crfm.stanford.edu/helm/",
        "percent",
        {
            "helm.wildbench": ("HELM WildBench", "chat"),
            "helm.ifeval": ("HELM IFEval", "instruction following"),
            "helm.mmlu_pro": ("HELM MMLU-Pro", "reasoning"),
            "helm.gpqa": ("HELM GPQA", "reasoning"),
            "helm.omni_math": ("HELM Omni-MATH", "maths"),
            "helm.legalbench": ("HELM LegalBench", "classification"),
            "helm.openai_mrcr": ("HELM OpenAI MRCR", "long context"),
            "helm.ruler_hotpotqa": ("HELM RULER HotPotQA", "long context"),
            "helm.ruler_squad": ("HELM RULER SQuAD", "long context"),
            "helm.infinitebench_qa": ("HELM ∞Bench questions", "long context"),
        },
    ),
)
