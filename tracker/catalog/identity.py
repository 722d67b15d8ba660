"""Model identity: which model, and which variant of it, a source's spelling means.

The rules of the model's family come first (grammar.py), exceptions to them from the reviewed alias file.
Never by likeness: what neither settles is unresolved. A new model is registered on the word of an authority,
a board that ranks it or the lab that makes it. A reseller's spelling can only lead to a known one, unless
it names weights in their publisher's own place ("Steelskull/L3.3-Nevoria-70b"): that is a model of its own,
never its base, of which nothing is known but who published it.
"""

from __future__ import annotations

from collections.abc import Collection

from tracker.catalog import grammar, naming
from tracker.catalog.arrangement import SIZE, arrange
from tracker.catalog.endings import ended, is_base
from tracker.catalog.fullnames import in_order
from tracker.catalog.reference import Reference
from tracker.catalog.spelling import words
from tracker.domain import Link, Model

RULES, ALIAS, CATALOGUE, REGISTERED, UNRESOLVED = "rules", "alias", "catalogue", "registered", "unresolved"
PUBLISHED = "published"


def link(subject: str, known: Collection[str], *, authority: bool = False, reference: Reference) -> Link:
    """Where a spelling leads, given the ids `known` so far; an `authority` may add to them.

    `known` should be a set. The rule is one of "rules", "alias", "catalogue" (a reviewed model that
    no authority lists), "registered", "published" (see is_published) and "unresolved".
    """
    model, variant, rule = derive(subject, reference)
    if model and model in known:
        return Link(subject, model, variant, rule)
    if model in reference.catalogue:
        return Link(subject, model, variant, CATALOGUE)
    if authority and model:
        return Link(subject, model, variant, REGISTERED)
    if model and is_published(subject, reference):
        return Link(subject, model, variant, PUBLISHED)
    return Link(subject, "", "", UNRESOLVED)


def is_published(subject: str, reference: Reference) -> bool:
    """Whether a spelling is that of published weights: a publisher, a slash and a name that states its size.

    Only who publishes weights names them so. The publisher is the maker of such names, or a stranger; a
    seller's folder ("models/", "together/") is none.
    """
    if "/" not in subject:
        return False
    place = subject.lower().rsplit("/", 2)[-2]
    place = place.rsplit(":", 1)[-1]
    seller = reference.provider(place).role
    if not place or place in reference.folders or seller not in ("lab", "unknown"):
        return False
    named = words(subject)
    if not any(SIZE.fullmatch(word) for word in named):
        return False
    family, _ = grammar.place(named, reference)
    maker = reference.organisation_spellings.get(place)
    return (
        maker is None or family is None or maker == family.organisation or maker in _marked(named, reference)
    )


def _marked(named: Collection[str], reference: Reference) -> set[str]:
    """The makers whose marks a name bears."""
    return {owner for word, owner in reference.marks.items() if word in named}


def derive(subject: str, reference: Reference) -> tuple[str, str, str]:
    """The id and variant that a spelling stands for, and whether by "rules" or by "alias"."""
    found = reference.derived.get(subject)
    if found is None:
        found = reference.derived[subject] = _derive(subject, reference)
    return found


def _derive(subject: str, reference: Reference) -> tuple[str, str, str]:
    alias = reference.aliases.get(subject.strip().lower())
    if alias:
        return alias.model, alias.variant, ALIAS
    family, rest = grammar.place(words(subject), reference)
    kept = arrange(rest, family, reference) if family else rest
    least = 0 if family and family.complete else 1
    taken = tuple(part for part in subject.lower().split("/")[:-1] if part in reference.serving)
    while True:
        id = grammar.spell(kept, family)
        alias = reference.aliases.get(id)
        if alias:
            return alias.model, "-".join(filter(None, (alias.variant, *taken))), ALIAS
        full, rule = _full(id, reference)
        if full != id and not is_base(id, kept, subject, reference):
            return full, "-".join(taken), rule
        if _is_own(id, reference):
            return id, "-".join(taken), RULES
        if len(kept) <= least or not grammar.is_variant(kept, taken, family, reference):
            meant = ended(id, kept, taken, subject, family, reference) if family else id
            full, rule = _full(meant, reference)
            return full, "-".join(taken), rule
        said = () if grammar.is_silent(kept, family) else kept[-1:]
        kept, taken = kept[:-1], (*said, *taken)


def _full(id: str, reference: Reference) -> tuple[str, str]:
    """The catalogue's model of a name that lacks words or turns them round, else the name; and by what."""
    if short := reference.short_names.get(id):
        return short, RULES
    if marked := reference.full_names.get(id):
        return marked, RULES if marked == id else CATALOGUE
    return reference.turned.get(in_order(id), id), RULES


def _is_own(id: str, reference: Reference) -> bool:
    """Whether a name is a model of its own although it ends like a variant."""
    if id in reference.own or id in reference.catalogue:
        return True
    return id.endswith(("thinking", "reasoning")) and id.startswith(reference.own_begin)


def describe(model_id: str, subject: str, reference: Reference) -> Model:
    """A new model as far as its name tells: display name and organisation; weights are not known yet."""
    family, _ = grammar.place(words(model_id), reference)
    mark = next((owner for word, owner in reference.marks.items() if word in model_id.split("-")), "")
    owner = mark or (family.organisation if family else naming.owner(subject, reference))
    owner = reference.catalogue.get(model_id, owner)
    return Model(model_id, naming.display(model_id, reference), owner)
