"""Amazon Bedrock: AWS's own price list, as the public Price List Bulk API gives it, for us-east-1.

What: USD per thousand or million tokens, here per million, and per image, in two offers: models that Amazon
serves itself, and those sold through its marketplace ("... (Amazon Bedrock Edition)"). A model that is also
sold through the global profile has that price without a condition, and the region's own under it. What is
reserved, provisioned or customised is left out, and so are the days: every price bears the first of the
month. Whose: Amazon Web Services. Licence: none stated; a vendor's own facts, quoted with a link. Credit:
"AWS Price List". Changes: a few times a month. Shape: documented, by AWS and public code of 2026.
"""

import re
from decimal import Decimal
from typing import Any, NamedTuple

from tracker.conditions import condition, settled
from tracker.domain import Kind, Observation, Unread
from tracker.source import Parsed, Payload, Source
from tracker.tables import price_of

OFFERS = (
    "https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/AmazonBedrock{}/current/us-east-1/index.json"
)
EDITION = " (Amazon Bedrock Edition)"
PART = re.compile(r"cache(read|write)|(input|output)(?:text|speech|audio|image|video)?token")
IMAGE = re.compile(r"[TI]2I (\d+) (\w+)")
ELSE = re.compile(r"custom|provisioned|reserved|tpm")
UNITS = {"1k tokens": 1000, "1m tokens": 1, "image": 1, "units": 1}  # the marketplace's is a million tokens
WORDS = (
    (re.compile(r"(batch|flex|priority)"), "{}"),
    (re.compile(r"latencyoptimized"), "fast"),
    (re.compile(r"longcontext"), "long prompt"),
    (re.compile(r"cachewrite.*(?<!\d)1h"), "cache 1h"),
    (re.compile(r"speech(?:input|output)?token"), "audio"),
    (re.compile(r"(audio|image|video)(?:input|output)?token"), "{}"),
)
USAGE = ("usagetype", "inferenceType", "feature", "service_tier", "model")


class Offer(NamedTuple):
    """A model, what of it under which condition, where from, and whether through Bedrock's second API."""

    subject: str
    metric: str
    words: str
    where: str
    mantle: bool


def parse(payload: Payload) -> Parsed:
    """Yield the price of every model, part and way to call it."""
    index, region = payload.json(), payload.url.split("/")[-2]
    said = list[tuple[Offer, Decimal]]()
    for sku, product in index["products"].items():
        if offer := _offer(product["attributes"], region):
            unit, price = _dimension(index["terms"]["OnDemand"].get(sku, {}))
            usage, sold = product["attributes"]["usagetype"], offer.metric == "sold.image"
            fits = unit in UNITS and (unit == "image") == sold and (unit != "units" or "MP:" in usage)
            if fits and (amount := price_of(price, UNITS[unit])) is not None:
                said.append((offer, amount))
            else:
                yield Unread(f"{usage} at {price} by {unit or 'nothing'}")
    found, doubtful = settled(said)
    yield from (Unread(f"{offer.subject}, {offer.metric}: two prices") for offer in doubtful)
    everywhere = {offer.subject for offer in found if not offer.where}
    for offer, amount in found.items():
        if not offer.mantle or offer._replace(mantle=False) not in found:
            words = condition(offer.words, offer.where if offer.subject in everywhere else "")
            yield Observation(offer.subject, offer.metric, amount, "amazon-bedrock", words)


def _dimension(terms: dict[str, Any]) -> tuple[str, str]:
    """Unit and price of a product, which has no bands by volume."""
    dimensions = [each for term in terms.values() for each in term["priceDimensions"].values()]
    return (dimensions[0]["unit"].lower(), dimensions[0]["pricePerUnit"]["USD"]) if dimensions else ("", "")


def _offer(told: dict[str, str], region: str) -> Offer | None:
    """What is sold; None for what is no call of a model."""
    listed = told.get("servicename", "")
    edition = listed.removesuffix(EDITION) if listed.endswith(EDITION) else ""
    subject = (told.get("model") or told.get("titanModel") or edition).removesuffix(" Latency Optimized")
    usage = re.sub(r"[-_ ]", "", " ".join(told.get(key, "") for key in USAGE)).lower()
    image, part = IMAGE.fullmatch(told.get("inferenceType", "")), PART.search(usage)
    if not subject or ELSE.search(usage) or not (image or part):
        return None
    words = [word.format(*met.groups()) for what, word in WORDS if (met := what.search(usage))]
    metric = f"price.{(part[1] and f'cache_{part[1]}') or part[2]}" if part else ""
    if image:
        metric, words = "sold.image", [f"{image[1]}x{image[1]}", f"{image[2].lower()} quality"]
    where = "" if "global" in usage else f"region {region}"
    return Offer(subject, metric, condition(*words), where, "mantle" in usage)


source = Source(
    kind=Kind.PRICES,
    parse=parse,
    title="Amazon Bedrock's price list",
    urls=(OFFERS.format(""), OFFERS.format("FoundationModels")),
    licence="none stated",
    credit="AWS Price List",
    vendor="amazon-bedrock",
    documented=("products", "terms.OnDemand"),
)
