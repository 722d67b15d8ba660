"""Releases of the software that serves open weights: vLLM, SGLang, llama.cpp and others, from GitHub.

What: an announcement per release. Drafts and pre-releases are left out; a project that releases more often
than daily builds rather than releases, and is told of once a week.
Whose: each project. Licence: none stated for the notes; names and dates are facts quoted with a link.
Credit: "GitHub releases of each project".
Changes: daily. Shape: from GitHub's documentation of GET /repos/OWNER/REPO/releases (its releases.atom is
closed to programs by github.com/robots.txt); no answer of it was recorded. Without a key GitHub answers 60
times an hour.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from tracker.domain import Announcement, Kind
from tracker.source import Parsed, Payload, Source

# repository -> (vendor, how people write it)
PROJECTS = {
    "vllm-project/vllm": ("vllm", "vLLM"),
    "sgl-project/sglang": ("sglang", "SGLang"),
    "ggml-org/llama.cpp": ("llama.cpp", "llama.cpp"),
    "NVIDIA/TensorRT-LLM": ("nvidia", "TensorRT-LLM"),
    "ollama/ollama": ("ollama", "Ollama"),
    "InternLM/lmdeploy": ("lmdeploy", "LMDeploy"),
    "BerriAI/litellm": ("litellm", "LiteLLM"),
}
FIELDS = ("html_url", "tag_name", "name", "published_at", "prerelease", "draft")
MANY = 10  # releases from which their rhythm can be told


def parse(payload: Payload) -> Parsed:
    """Yield the releases of the page's project, newest first."""
    repository = "/".join(urlsplit(payload.url).path.split("/")[2:4])
    vendor, project = PROJECTS[repository]
    told = set[str]()
    for release, key in _keyed([r for r in payload.json() if not (r["draft"] or r["prerelease"])]):
        if key not in told:
            told.add(key)
            name, tag = (release["name"] or "").strip(), release["tag_name"]
            version = name if tag in name else f"{tag} {name}".strip()
            title = version if project.lower() in version.lower() else f"{project} {version}"
            when = datetime.fromisoformat(release["published_at"])
            key = f"{repository}:{key}"
            yield Announcement(key, release["html_url"], title, vendor, when, topics=("release",))


def _keyed(releases: Sequence[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], str]]:
    """Each release and what it is known by: its tag, or its week where there is more than one a day."""
    days = [datetime.fromisoformat(release["published_at"]) for release in releases]
    builds = len(days) >= MANY and (max(days) - min(days)).days < len(days)
    for release, moment in zip(releases, days, strict=True):
        year, week, _ = moment.isocalendar()
        yield release, f"{year}-W{week:02}" if builds else release["tag_name"]


source = Source(
    kind=Kind.NEWS,
    parse=parse,
    title="Releases of serving software",
    urls=tuple(f"https://api.github.com/repos/{name}/releases?per_page=30" for name in PROJECTS),
    licence="none stated",
    credit="GitHub releases of each project",
    listing=False,
    documented=tuple(f"[].{name}" for name in FIELDS),
)
