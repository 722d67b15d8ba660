"""Families of models whose makers publish the weights, as announcements write their names.

An announcement of one of them is of open weights, also where its title and the little text of a feed do not
say so. A family stands here only if all its models that are announced under the name are published; so
neither Mistral Medium nor Qwen Max is. Small and large letters are one, and so are a blank and a dash.
"""

from __future__ import annotations

import re
from functools import cache

# maker: names as regular expressions; a version or a size may follow each.
FAMILIES = {
    "alibaba": r"qwen(?= ?(?:\d|vl|image|audio|omni|coder|math))(?![\d. ]*(?:max|plus|turbo|flash))"
    r"|qwq|qvq|codeqwen",
    "allenai": r"olmo\w*|molmo\w*|tulu|tülu",
    "baidu": r"ernie 4\.5",
    "bytedance": r"seed oss|seed coder",
    "cohere": r"command (?:a|r)|aya",
    "deepseek": r"deepseek (?:v|r|ocr|vl|math|prover|coder)|janus",
    "google": r"\w*gemma(?! scope)",
    "huggingface": r"smol\w*|starcoder|zephyr",
    "ibm": r"granite",
    "lg": r"exaone",
    "liquid": r"lfm",
    "meta": r"llama|code ?llama|segment anything|sam(?= \d)|sam audio|dino|seamlessm4t|nllb"
    r"|no language left behind|musicgen|audiocraft|imagebind|v jepa|omnilingual|perception encoder",
    "microsoft": r"phi",
    "minimax": r"minimax (?:m|text|vl)",
    "mistral": r"mistral (?:7b|nemo|small|large [23]|[34])|mixtral|ministral|mathstral|devstral"
    r"|codestral (?:22b|mamba)|pixtral|voxtral|magistral|leanstral",
    "moonshot": r"kimi (?:k|vl|dev|linear|audio)",
    "nvidia": r"nemotron",
    "openai": r"gpt oss|whisper",
    "stability": r"stable (?:diffusion|video|audio open|audio 3|virtual camera|point aware|fast 3d|cascade"
    r"|code|lm)|sdxl|stablelm",
    "stepfun": r"step 3",
    "tencent": r"hunyuan",
    "xai": r"grok (?=1(?![.\d]))",
    "xiaomi": r"mimo",
    "zai": r"glm (?=v?\d|ocr|tts|asr|image)|chatglm|cogvideo\w*",
}
ENDS = r"s?(?=[\d\W_]|v\d|$)"
NUMBERED = r" ?v?\d"  # what somebody else calls "Granite" or "Phi" may be anything
# Who says where, by whom or how fast a model runs tells of one that is out already.
USED = r"^how\b|\boptimi[sz]ed\b|\bavailable (?:on|in|at|through)\b|\bapi\b|\bstack\b|\bimpact\b"
USED += (
    r"|\b(?:start ?up|program(?:me)?|grant)s?\b|\bon (?:amazon|aws|azure|microsoft|google|nvidia|amd|intel)\b"
)


def is_published(title: str, maker: str = "") -> bool:
    """Whether a title tells of a family with published weights: of `maker`, or without one of anybody."""
    plain = re.sub(r"[-‑–_]", " ", title.casefold())
    return bool(_found(maker).search(plain)) and not re.search(USED, plain)


@cache
def _found(maker: str) -> re.Pattern[str]:
    names = FAMILIES.get(maker, r"(?!)") if maker else "|".join(FAMILIES.values())
    return re.compile(rf"(?<!\w)(?:{names}){ENDS if maker else NUMBERED}")
