"""Model identity: which model, and which variant of it, a source's spelling means.

The rules of the model's family come first (grammar.py), exceptions to them from the reviewed alias file.
Never by likeness: what neither settles is unresolved. A new model is registered on the word of an authority
alone, a board that ranks it or the lab that makes it; a reseller's spelling can only lead to a known one.
"""

from __future__ import annotations

from collections.abc import Collection

from tracker.catalog import grammar, naming
from tracker.catalog.reference import Reference
from tracker.catalog.spelling import words
from tracker.domain import Link, Model

RULES, ALIAS, CATALOGUE, REGISTERED, UNRESOLVED = "rules", "alias", "catalogue", "registered", "unresolved"


def link(subject: str, known: Collection[str], *, authority: bool = False, reference: Reference) -> Link:
    """Where a spelling leads, given the ids `known` so far; an `authority` may add to them.

    `known` should be a set. The rule is one of "rules", "alias", "catalogue" (a reviewed model that
    no authority lists), "registered" and "unresolved".
    """
    model, variant, rule = derive(subject, reference)
    if model and model in known:
        return Link(subject, model, variant, rule)
    if model in reference.catalogue:
        return Link(subject, model, variant, CATALOGUE)
    if authority and model:
        return Link(subject, model, variant, REGISTERED)
    return Link(subject, "", "", UNRESOLVED)


def derive(subject: str, reference: Reference) -> tuple[str, str, str]:
    """The id and variant that a spelling stands for, and whether by "rules" or by "alias"."""
    alias = reference.aliases.get(subject.strip().lower())
    if alias:
        return alias.model, alias.variant, ALIAS
    family, rest = grammar.place(words(subject), reference)
    kept = grammar.arrange(rest, family) if family else rest
    least = 0 if family and family.complete else 1
    taken: tuple[str, ...] = ()
    while True:
        id = grammar.spell(kept, family)
        alias = reference.aliases.get(id)
        if alias:
            return alias.model, "-".join(filter(None, (alias.variant, *taken))), ALIAS
        if (
            len(kept) <= least
            or _is_own(id, reference)
            or not grammar.is_variant(kept, taken, family, reference)
        ):
            return grammar.with_ending(id, kept, taken, family, reference), "-".join(taken), RULES
        kept, taken = kept[:-1], (kept[-1], *taken)


def _is_own(id: str, reference: Reference) -> bool:
    """Whether a name is a model of its own although it ends like a variant."""
    if id in reference.own:
        return True
    return id.endswith(("thinking", "reasoning")) and id.startswith(reference.own_begin)


def describe(model_id: str, subject: str, reference: Reference) -> Model:
    """A new model as far as its name tells: display name and organisation; weights are not known yet."""
    family, _ = grammar.place(words(model_id), reference)
    mark = next((owner for word, owner in reference.marks.items() if word in model_id.split("-")), "")
    owner = mark or (family.organisation if family else naming.owner(subject, reference))
    owner = reference.catalogue.get(model_id, owner)
    return Model(model_id, naming.display(model_id, reference), owner)
