"""Digests made by hand, for the tests of how a digest is laid out and sent.

The week of 20 January 2025 is told with the boards' figures of that week (LMArena, Aider, BFCL, EvalPlus,
Vectara) and the list prices of the time; vendors' news, silences and the page addresses stand for the kind
of thing that comes, not for what came.
"""

from __future__ import annotations

from dataclasses import replace

from tracker.digest.model import (
    Answer,
    BoardRow,
    Credit,
    Digest,
    Item,
    PriceMove,
    Reference,
    Side,
    Silence,
    Spark,
    Story,
    Tier,
    VendorNews,
    Watched,
)

CHAT = (
    ("2024-06-19", 79.0),
    ("2024-07-07", 70.0),
    ("2024-07-26", 47.0),
    ("2024-07-31", 24.0),
    ("2024-08-02", 38.0),
    ("2024-08-14", 51.0),
    ("2024-09-17", 70.0),
    ("2024-09-19", 89.0),
    ("2024-10-08", 71.0),
    ("2024-11-15", 75.0),
    ("2024-11-22", 96.0),
    ("2024-12-07", 101.0),
    ("2024-12-31", 58.0),
    ("2025-01-16", 55.0),
    ("2025-01-24", 25.0),
)
CODING = (("2024-12-25", 13.3), ("2025-01-20", 4.8))
TOOLS = (("2024-10-22", 0.2), ("2024-11-19", 9.0), ("2024-12-07", 5.0), ("2024-12-31", -2.2))
SUMMARIES = (("2024-06-25", -0.1), ("2024-09-13", -0.1), ("2024-12-12", 0.0))
ARENA = "https://huggingface.co/datasets/lmarena-ai/leaderboard-dataset"


def _reference(number: int, title: str, url: str, day: str) -> Reference:
    return Reference(number, title.lower(), title, url, f"c{number + 10}", f"{day}T08:00:00Z")


REFERENCES = (
    _reference(1, "LMArena leaderboard dataset", ARENA, "2025-01-24"),
    _reference(2, "LMArena leaderboard dataset", ARENA, "2025-01-16"),
    _reference(3, "DeepSeek API pricing", "https://api-docs.deepseek.com/quick_start/pricing", "2025-01-20"),
    _reference(4, "Aider polyglot leaderboard", "https://aider.chat/docs/leaderboards/", "2025-01-20"),
    _reference(5, "models.dev", "https://models.dev/api.json", "2025-01-25"),
    _reference(6, "Berkeley Function Calling", "https://gorilla.cs.berkeley.edu/leaderboard", "2024-12-31"),
    _reference(7, "Vectara hallucination", "https://github.com/vectara/hallucination", "2024-12-12"),
    _reference(8, "EvalPlus", "https://evalplus.github.io/leaderboard.html", "2024-12-26"),
    _reference(9, "OpenAI deprecations", "https://platform.openai.com/docs/deprecations", "2025-01-25"),
)

BOARD = (
    BoardRow(
        "chat",
        "LMArena text",
        Side("DeepSeek R1", "1,357", "MIT"),
        Side("Gemini 2.0 Flash Thinking", "1,382"),
        "25 points, 1.8 %",
        "2 months",
        "closing",
        Spark(CHAT, "79 points on 19 June 2024, 25 points on 24 January 2025"),
        "24 January",
        refs=(1,),
        agreement="metrics agree",
    ),
    BoardRow(
        "coding",
        "Aider polyglot",
        Side("DeepSeek R1", "56.9\u00a0%", "MIT"),
        Side("o1 (high)", "61.7\u00a0%"),
        "4.8 points",
        "5 weeks",
        "tied",
        Spark(CODING, "13.3 points on 25 December 2024, 4.8 points on 20 January 2025"),
        "20 January",
        "Open is tied on Aider polyglot; behind on HumanEval+.",
        refs=(4, 8),
        agreement="metrics differ",
    ),
    BoardRow(
        "tool use and extraction",
        "BFCL overall",
        Side("watt-tool-70B", "74.2\u00a0%", "Apache 2.0"),
        Side("GPT-4o (November 2024)", "72.0\u00a0%"),
        "2.2 points ahead",
        "",
        "not enough data",
        Spark(TOOLS, "0.2 points on 22 October 2024, 2.2 points ahead on 31 December 2024"),
        "31 December 2024",
        note="no interval published: no test is claimed",
        refs=(6,),
    ),
    BoardRow(
        "summarisation and faithfulness",
        "Vectara hallucination rate",
        Side("GLM-4-9B-Chat", "1.3\u00a0%", "GLM-4"),
        Side("Gemini 2.0 Flash (experimental)", "1.3\u00a0%"),
        "0.0 points",
        "",
        "tied",
        Spark(SUMMARIES, "0.1 points ahead on 25 June 2024, level on 12 December 2024"),
        "12 December 2024",
        refs=(7,),
    ),
    BoardRow("classification", note="no public measure watched yet"),
    BoardRow("vision", note="no public measure watched yet"),
)

QUIET = Digest(
    week="2025-W06",
    title="week 6 of 2025",
    span="3 to 9 February",
    edition="weekly",
    preview=False,
    generated="2025-02-10T06:00:00Z",
    headline="Nothing moved beyond the noise this week.",
    summary="Open models stay 24 points behind in chat, tied in coding and summarising.",
    quiet=True,
    happened=(),
    board=BOARD[:1],
    tiers=(),
    moves=(),
    more_moves=0,
    deprecations=(),
    news=(),
    unknown=(),
    corrections=(),
    held=(),
    silences=(),
    references=REFERENCES[:1],
    headline_refs=(1,),
    credits=(Credit("LMArena", "LMArena leaderboard dataset", "CC BY 4.0", "https://lmarena.ai"),),
)

RICH = replace(
    QUIET,
    week="2025-W04",
    title="week 4 of 2025",
    span="20 to 26 January",
    generated="2025-01-27T06:00:00Z",
    headline="Open models made up more than half of the remaining gap in one release: DeepSeek R1 is "
    "25 points behind the best proprietary model in chat.",
    summary="A week ago the best open model was 55 points behind. At coding open models are tied; in tool "
    "use they lead by 2.2 points, on a board that publishes no noise.",
    quiet=False,
    happened=(
        Item(
            "DeepSeek R1 (MIT licence) enters LMArena at 1,357, sixth on the board. The lead of Gemini 2.0 "
            "Flash Thinking over it is 25 points: it wins 54 of 100 comparisons.",
            "Reasoning was the reason to stay on a proprietary API. Test it on your hardest 200 cases now.",
            "24 January",
            (1, 2),
            "provisional",
        ),
        Item(
            "R1 lists at $0.55 in, $2.19 out per million tokens; o1 at $15 and $60: 27 times cheaper at 3:1.",
            "Its reasoning is long, so compare what a job costs, not what a token costs.",
            "20 January",
            (3, 5),
        ),
        Item(
            "On Aider's polyglot benchmark R1 solves 57 % for $5.42 a run, o1 62 % for $186.50.",
            "For code in bulk the open model is the cheaper draft, and the tie says you may not notice.",
            "20 January",
            (4,),
        ),
        Item(
            "New on the boards: DeepSeek R1 (MIT licence) and six of its distillations.",
            "",
            "22 January",
            (5,),
        ),
    ),
    questions=(
        Answer("Cutting-edge reasoning", "In reasoning DeepSeek R1 is 25 points behind o1: test it.", (1,)),
        Answer("Latency", "No host's speed was measured here in the last 30 days."),
    ),
    board=BOARD,
    tiers=(
        Tier(
            "the level of GPT-4o (May 2024), 1,285 in chat",
            "DeepSeek V3",
            "$0.17",
            "DeepSeek",
            "Gemini 1.5 Flash",
            "$0.13",
            "Google",
            "closed is 1.3 times cheaper",
            (1, 5),
        ),
        Tier(
            "the level of o1, 1,352 in chat",
            "DeepSeek R1",
            "$0.96",
            "DeepSeek",
            "o1",
            "$26",
            "OpenAI",
            "open is 27 times cheaper",
            (1, 3, 5),
            "Fireworks AI $3.00 and Together AI $4.00",
        ),
        Tier(
            "the level of Gemini 2.0 Flash Thinking, the best today",
            "",
            "",
            "",
            "Gemini 2.0 Flash Thinking",
            "$0.18",
            "Google",
            "no open model reaches it",
            (1, 5),
        ),
    ),
    moves=(
        PriceMove(
            "DeepSeek R1",
            "Together",
            "$7.00 in, $7.00 out",
            "$3.00 in, $7.00 out",
            "−29 %",
            "25 January",
            (5,),
        ),
        PriceMove(
            "Llama 3.3 70B Instruct",
            "DeepInfra",
            "$0.35 in, $0.40 out",
            "$0.23 in, $0.40 out",
            "−25 %",
            "22 January",
            (5,),
            "unconfirmed",
        ),
    ),
    more_moves=3,
    deprecations=(Item("gpt-4-vision-preview (gpt-4o instead) is switched off.", "", "6 February", (9,)),),
    vendors=(
        Watched(
            "Groq",
            (
                Item("GPT-4o clone now writes 300 tokens a second; a week ago it was 200", "", "", (5,)),
                Item("Elevated errors on the API", "", "incident, 24 January", (5,)),
            ),
            2,
        ),
    ),
    no_news="No news from Fireworks AI and Cerebras.",
    news=(
        VendorNews(
            "Groq",
            (
                Story(
                    "DeepSeek-R1-Distill-Llama-70B now runs on GroqCloud",
                    "https://groq.com/blog/r1-distill",
                    "26 January",
                    "Groq blog",
                    ("Simon Willison",),
                    (5,),
                    "launch",
                ),
            ),
        ),
        VendorNews(
            "Together",
            (
                Story(
                    "DeepSeek R1 on Together", "https://together.ai/blog/r1", "22 January", "Together blog"
                ),
                Story(
                    "Batch inference at half price",
                    "https://together.ai/blog/batch",
                    "21 January",
                    "Together",
                ),
            ),
            2,
        ),
        VendorNews(
            "Cerebras",
            (Story("R1 70B at 1,500 tokens a second", "https://cerebras.ai/r1", "25 January", "Cerebras"),),
        ),
    ),
    unknown=(
        "6 models of unknown licence on LMArena text count as neither open nor closed.",
        "BFCL publishes no intervals, so no tie is claimed there.",
    ),
    corrections=(
        Item(
            "Last week's new leader on BFCL was withdrawn by its editors.",
            "",
            "18 January",
            (6,),
            "retracted",
        ),
    ),
    held=(
        Silence(
            "OpenRouter", "prices fell a thousandfold at once; waiting for a second list", "23 January", "c19"
        ),
    ),
    silences=(Silence("vals.ai", "no answer within 30 s", "11 January"),),
    references=REFERENCES,
    credits=(
        Credit(
            "LMArena",
            "LMArena leaderboard dataset",
            "CC BY 4.0",
            "https://lmarena.ai",
            "lmarena leaderboard dataset",
        ),
        Credit("Aider", "Aider, Paul Gauthier", "Apache-2.0", "https://aider.chat"),
        Credit("models.dev", "models.dev contributors", "MIT", "https://models.dev"),
    ),
)

PREVIEW = replace(RICH, preview=True)
CATCH_UP = replace(
    RICH,
    edition="catch-up",
    preview=True,
    headline="The best open model in chat, DeepSeek R1 (MIT licence), is 25 points behind (1.8 %); the best "
    "proprietary one is Gemini 2.0 Flash Thinking (LMArena, 24 January).",
    moves=(),
    more_moves=0,
    corrections=(),
)

_MEASURED = tuple(
    replace(
        row,
        task=task,
        metric=f"LMArena {task}",
        agreement="metrics agree",
        others="",
        note="",
        refs=(1,),
        recent=True,
    )
    for row, task in zip(
        (BOARD[0], *BOARD[1:2] * 7),
        (
            *("chat", "instruction following", "reasoning", "maths", "coding", "agentic coding"),
            *("tool use and extraction", "summarisation and faithfulness"),
        ),
        strict=True,
    )
)
# A week in which every section is as full as a busy week of 2026 had it.
BUSY = replace(
    RICH,
    happened=(
        *RICH.happened[:3],
        *(
            Item(f"{name} became 24 % cheaper at Together AI.", "", "26 January", (5,))
            for name in ("o1", "V3", "R1")
        ),
        RICH.happened[3],
    ),
    questions=(
        Answer(
            "Cutting-edge reasoning",
            "Stay for now: DeepSeek R1 is 56 points behind o1 in reasoning (3.8 %, 6 months), closing;"
            " agentic coding 11.7 behind.",
            (1, 4),
        ),
        Answer(
            "Consistent output",
            "Stay: DeepSeek V3 is 77 points behind o1 in instruction following (5.3 %, 7 months); tool use"
            " and extraction 13.2 behind.",
            (1, 4),
        ),
        Answer(
            "On premises or regulated",
            "Under a permissive licence DeepSeek R1 is 25 points behind Gemini 2.0 Flash Thinking in chat"
            " (1.8 %, 2 months), 4.8 points in coding; 11 hosts sell it, from $0.96 at DeepSeek.",
            (1, 5),
        ),
        Answer(
            "Cost at scale",
            "Open is 27 times cheaper at the level of o1 ($0.96 against $26), 1.3 times cheaper at the level"
            " of GPT-4o.",
            (3, 5),
        ),
        Answer(
            "Latency",
            "At the level of GPT-4o, fastest open: DeepSeek R1 at Groq, 300 tokens a second, 0.2 seconds to"
            " the first token; fastest proprietary: GPT-4o at OpenAI, 120 tokens a second. At Groq"
            " DeepSeek R1 now writes 300 tokens a second, usually 200.",
            (5,),
        ),
    ),
    board=(
        replace(_MEASURED[0], agreement="metrics differ", others=BOARD[1].others),
        *_MEASURED[1:],
        *BOARD[4:],
    ),
    moves=RICH.moves[:1] * 4,
    vendors=tuple(replace(RICH.vendors[0], vendor=name, more=0) for name in ("Groq", "Together AI", "Azure")),
    deprecations=(Item("OpenAI: GPT-4 Turbo (use GPT-4o)", "", "6 February", (9,)),) * 4,
    unknown=(*RICH.unknown, "97 places are silent that no figure above rests on: `gapwatch sources list`."),
)

EMPTY = replace(QUIET, headline_refs=(), board=(), references=(), credits=(), summary="")

SCRIPT = "<script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">"
TITLES = {
    "a script": SCRIPT,
    "template code": "{{ 7*7 }} {% for x in range(9) %}{{ x }}{% endfor %} ${7*7}",
    "control characters": "bell \x07 \x1b[31mred\x1b[0m null \x00 line \r\nBcc: a@b.example \x85 \u2028 end",
    "direction marks": "user\u202egnp.exe\u2066 \u200f\u061c \u2069 end \ud800",
    "ten thousand characters": "word " * 2000,
    "one word of ten thousand": "w" * 10_000,
    "wide characters": "深度求索发布新模型" * 40,
    "piled accents": "Z" + "\u0301" * 500 + "algo",
    "nothing at all": "",
}


def hostile(title: str) -> Digest:
    """The rich digest with one foreign text in every place that a stranger's text can reach."""
    story = Story(title, "javascript:alert(1)", "26 January", title, (title,), (1,), "launch")
    rows = [
        replace(row, open=Side(title, "1,357", title), closed=Side(title, "1,382"), metric=title or "LMArena")
        for row in BOARD[:2]
    ]
    return replace(
        RICH,
        headline=title,
        summary=title,
        happened=(Item(title, title, "24 January", (1,)), *RICH.happened),
        board=(*rows, *BOARD[2:]),
        questions=(Answer(title, title, (1,)), *RICH.questions),
        vendors=(Watched(title, (Item(title, "", "launch, 26 January", (1,)),), 1), *RICH.vendors),
        no_news=title,
        tiers=(Tier(title, title, "$1", title, title, "$2", title, "", (1,), title), *RICH.tiers),
        moves=(PriceMove(title, title, "$1 in", "$2 in", "+100 %", "24 January", (1,)), *RICH.moves),
        news=(VendorNews(title, (story,)), *RICH.news),
        unknown=(title,),
        held=(Silence(title, title, ""),),
        silences=(Silence(title, title, ""),),
        references=(replace(REFERENCES[0], title=title, url="data:text/html,x"), *REFERENCES[1:]),
        credits=(Credit(title, title, title, "javascript:alert(1)"),),
    )
