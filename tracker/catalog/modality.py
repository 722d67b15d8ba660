"""What a name says a model makes: text, unless one of the words for another trade stands in it.

The last four are no one model: a router picks one for each call, "ft:" stands before whatever was tuned from
a model, some lists have a price for each size ("together-ai-8.1b-21b"), and some for a place to run code.
"""

from __future__ import annotations

import re

TEXT = "text"
_TRADES = {
    "embeddings": r"embed|rerank|\bbge|\be5-|\bgte-|mpnet|mini-?lm|voyage|distilbert|\bbart\b",
    "speech": r"whisper|\btts\b|melotts|\baura-|voice|speech|parakeet|deepgram|transcribe|smart-turn|audio"
    r"|realtime|lyria|chirp",
    "images": r"image|imagen|\bflux|seedream|kontext|\bveo\b|video|cosmos|\bsora|dall-?e|diffusion|resnet"
    r"|\bclip\b",
    "documents": r"\bocr\b|captioner",
    "translation": r"translat|m2m|indictrans",
    "moderation": r"moderation|guard|safety",
    "routing": r"\brouter\b|\broute-llm|(?:^|/)auto(?:$|[/-])|-auto/|/preset/",
    "tunings": r"(?:^|/)ft:|\.ft-",
    "sizes": r"-up-to-\d|-above-\d|-[\d.]+b-(?:to-)?[\d.]+b$",
    "tools": r"(?:^|/)container$",
}
_FOUND = re.compile("|".join(f"(?P<{trade}>{words})" for trade, words in _TRADES.items()), re.IGNORECASE)


def makes(subject: str) -> str:
    """The trade that a spelling names: "text", "embeddings", "speech", "images", "documents" and so on."""
    found = _FOUND.search(subject.replace("_", "-"))
    return found.lastgroup or TEXT if found else TEXT
