"""Licences and weights: what a licence allows, and whose word on a model counts."""

from __future__ import annotations

import pytest

from tracker.catalog.licences import licence_class, licence_name, weights_of
from tracker.catalog.reference import Reference, load_reference
from tracker.catalog.weights import Claim, conflicts, judge
from tracker.domain import LicenceClass, Model

BOARD, LAB, RESELLER = 0, 1, 9


@pytest.fixture(scope="module")
def reference() -> Reference:
    return load_reference()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("MIT", "permissive"),
        ("Apache-2.0", "permissive"),
        ("Apache 2.0", "permissive"),
        ("apache-2.0 License", "permissive"),
        ("Modified MIT", "restricted commercial"),
        ("modified-mit", "restricted commercial"),
        ("Llama 3.1 Community", "restricted commercial"),
        ("Llama-3.3", "restricted commercial"),
        ("Gemma license", "restricted commercial"),
        ("Qianwen LICENSE", "restricted commercial"),
        ("DeepSeek", "restricted commercial"),
        ("Nvidia Open", "restricted commercial"),
        ("Jamba Open", "restricted commercial"),
        ("tencent-hunyuan-community", "restricted commercial"),
        ("Exaone", "non-commercial"),
        ("EXAONE AI Model License Agreement 1.2 - NC", "non-commercial"),
        ("NexusFlow", "non-commercial"),
        ("Grok 2 Community License Agreement", "restricted commercial"),
        ("CC-BY-NC-SA-4.0", "non-commercial"),
        ("MRL", "non-commercial"),
        ("Mistral Research", "non-commercial"),
        ("Non-commercial", "non-commercial"),
        ("Proprietary", "proprietary"),
        ("Propretary", "proprietary"),
        ("Other", "unknown"),
        ("", "unknown"),
        ("-", "unknown"),
        ("Licence to Thrill", "unknown"),
    ],
)
def test_a_licence_has_the_class_that_was_reviewed(reference: Reference, words: str, expected: str) -> None:
    assert licence_class(words, reference) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("apache-2.0", "Apache 2.0"),
        ("Apache-2.0 License", "Apache 2.0"),
        ("the mit license", "MIT"),
        ("Gemma license", "Gemma"),
        ("Licence to Thrill", "Licence to Thrill"),
        ("", ""),
    ],
)
def test_a_licence_has_one_spelling_however_it_is_written(
    reference: Reference, words: str, expected: str
) -> None:
    assert licence_name(words, reference) == expected


def test_a_model_bears_its_licence_as_the_table_writes_it(reference: Reference) -> None:
    model = judge(Model("glm-5.1", ""), [_claim("licence", "apache-2.0 License", BOARD)], reference)
    assert model.licence == "Apache 2.0"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("MIT", "open"),
        ("CC-BY-NC-4.0", "open"),
        ("Proprietary", "closed"),
        ("Other", "unknown"),
        ("", "unknown"),
    ],
)
def test_only_published_weights_have_a_licence_of_their_own(
    reference: Reference, words: str, expected: str
) -> None:
    assert weights_of(words, reference) == expected


def _claim(field: str, value: str, rank: int, provider: str = "") -> Claim:
    source = "lmarena" if rank == BOARD else "modelsdev"
    return Claim(field, value, source, provider, "glm-5.1", rank)


LICENCE_MIT = _claim("licence", "MIT", BOARD)
PROPRIETARY = _claim("licence", "Proprietary", BOARD)
LAB_OPEN = _claim("weights", "open", LAB, "zai")
LAB_CLOSED = _claim("weights", "closed", LAB, "zai")
OTHER_LAB_OPEN = _claim("weights", "open", LAB, "alibaba-cn")
RESELLER_OPEN = _claim("weights", "open", RESELLER, "openrouter")
URL = _claim("weights_url", "https://huggingface.co/zai-org/GLM-5.1", BOARD, "openrouter")
URL_OF_ANOTHER = _claim("weights_url", "https://huggingface.co/zai-org/GLM-4.7", BOARD, "openrouter")


@pytest.mark.parametrize(
    ("claims", "weights", "kind"),
    [
        pytest.param([], "unknown", "unknown", id="nobody says anything"),
        pytest.param([RESELLER_OPEN], "unknown", "unknown", id="a reseller's flag never counts"),
        pytest.param([OTHER_LAB_OPEN], "unknown", "unknown", id="a lab does not speak for another's model"),
        pytest.param([LAB_OPEN], "open", "unknown", id="the lab itself, without a licence"),
        pytest.param([LAB_CLOSED, RESELLER_OPEN], "closed", "proprietary", id="the lab against a reseller"),
        pytest.param(
            [LICENCE_MIT, LAB_CLOSED], "open", "permissive", id="a board's licence before a lab's flag"
        ),
        pytest.param([PROPRIETARY], "closed", "proprietary", id="a board says proprietary"),
        pytest.param([URL], "open", "unknown", id="a URL of these weights"),
        pytest.param([URL_OF_ANOTHER], "unknown", "unknown", id="a URL of other weights"),
        pytest.param([LICENCE_MIT, PROPRIETARY], "unknown", "unknown", id="a board that contradicts itself"),
        pytest.param([_claim("licence", "Other", BOARD)], "unknown", "unknown", id="a licence nobody knows"),
        pytest.param(
            [LICENCE_MIT, _claim("licence", "Modified MIT", BOARD)],
            "open",
            "restricted commercial",
            id="two deliveries, two licences: the stricter",
        ),
    ],
)
def test_weights_come_from_those_who_know(
    reference: Reference, claims: list[Claim], weights: str, kind: str
) -> None:
    judged = judge(Model("glm-5.1", "GLM-5.1", "zai"), claims, reference)

    assert (judged.weights, judged.licence_class) == (weights, kind)


def test_what_was_known_stays_where_later_claims_are_silent(reference: Reference) -> None:
    known = judge(Model("glm-5.1", "GLM-5.1", "zai"), [LICENCE_MIT], reference)

    assert judge(known, [RESELLER_OPEN], reference) == known


@pytest.mark.parametrize(
    ("id", "organisation", "stated", "expected"),
    [
        pytest.param(
            "llama-4-maverick-03-26-experimental",
            "meta",
            "Llama",
            ("unknown", "unknown"),
            id="neither published nor sold",
        ),
        pytest.param("minimax-m2.7", "minimax", "Modified MIT", ("open", "non-commercial"), id="stricter"),
        pytest.param(
            "qwen-max", "alibaba", "Qwen", ("closed", "proprietary"), id="served by its maker alone"
        ),
    ],
)
def test_a_ruling_decides_where_a_board_errs(
    reference: Reference, id: str, organisation: str, stated: str, expected: tuple[str, str]
) -> None:
    claims = [Claim("licence", stated, "lmarena", "", id, BOARD)]

    judged = judge(Model(id, id, organisation), claims, reference)

    assert (judged.weights, judged.licence_class) == expected


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        pytest.param(
            [
                _claim("released", "2026-04-07", LAB, "zai"),
                _claim("released", "2026-03-01", RESELLER, "kilo"),
            ],
            "2026-04-07",
            id="the lab's own day",
        ),
        pytest.param(
            [_claim("released", day, RESELLER, "kilo") for day in ("2026-05-01", "2026-04-07", "2026-04-07")],
            "2026-04-07",
            id="the day that most resellers give",
        ),
        pytest.param([_claim("released", "2026-04", LAB, "zai")], "", id="a month is no day"),
        pytest.param([_claim("released", "2026-02-30", LAB, "zai")], "", id="a day that there is not"),
        pytest.param([_claim("released", "2026-W15-2", LAB, "zai")], "", id="a day of a week"),
    ],
)
def test_the_release_day_is_the_labs_or_the_commonest(
    reference: Reference, claims: list[Claim], expected: str
) -> None:
    assert judge(Model("glm-5.1", "GLM-5.1", "zai"), claims, reference).released == expected


def test_the_board_names_the_organisation_of_a_model_of_no_known_family(reference: Reference) -> None:
    judged = judge(Model("koala-13b", "Koala 13B"), [_claim("organisation", "UC Berkeley", BOARD)], reference)

    assert judged.organisation == "uc-berkeley"


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        pytest.param([LICENCE_MIT, LAB_OPEN, RESELLER_OPEN], [], id="agreement"),
        pytest.param([LAB_CLOSED, RESELLER_OPEN], [("weights", False)], id="a reseller against the lab"),
        pytest.param([LICENCE_MIT, LAB_CLOSED], [("weights", True)], id="a board against the lab"),
        pytest.param(
            [LICENCE_MIT, PROPRIETARY],
            [("weights", True), ("licence", True)],
            id="an alias that merged two models",
        ),
    ],
)
def test_conflicts_tell_whether_an_authority_is_in_them(
    reference: Reference, claims: list[Claim], expected: list[tuple[str, bool]]
) -> None:
    found = conflicts(Model("glm-5.1", "GLM-5.1", "zai"), claims, reference)

    assert [(conflict.field, conflict.counts) for conflict in found] == expected


def test_every_class_is_in_use_and_every_entry_gives_its_reason(reference: Reference) -> None:
    used = {licence.licence_class for licence in reference.licences.values()}

    assert used == set(LicenceClass) - {LicenceClass.UNKNOWN}
    assert all(len(licence.reason) > 10 for licence in reference.licences.values())
    assert all(len(ruling.reason) > 10 for ruling in reference.rulings.values())
