import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.compliance.made import body
from tests.measures.made import Made, at, on
from tests.mutants import survivors

MEASURE = "compliance/certificates_valid"


def certificate(number: str = "1", **more: object) -> Made:
    return {
        "id": number,
        "certification_id": "iso",
        "body_id": "tuev",
        "number": number,
        "scope_agrees": True,
        "issued_on": on("2025-01-01"),
        "until_on": on("2027-12-31"),
        **more,
    }


def given(*certificates: Made, bodies: list[Made] | None = None) -> dict:
    return {
        "certifications": [{"id": "iso", "standard": "ISO 27001"}],
        "certificates": list(certificates),
        "audit_bodies": [body(), body("club", accreditor=None)] if bodies is None else bodies,
    }


def failing(why: str) -> object:
    return broken(1, [("test/iso", why)])


NONE = failing("there is no certificate")

CASES = {
    "upheld": Case(upheld(1, flips_at=at("2028-01-01")), **given(certificate())),
    "the accreditation ends first": Case(
        upheld(1, flips_at=at("2026-12-31")), **given(certificate(), bodies=[body(accredited_until_on=on("2026-12-30"))])
    ),
    "last day": Case(at_risk(1, flips_at=at("2026-05-05")), **given(certificate(until_on=on("2026-05-04")))),
    "first day": Case(upheld(1), **given(certificate(issued_on=on("2026-05-04")))),
    "none": Case(NONE, **given()),
    "another's": Case(NONE, **given(certificate(certification_id="9001"))),
    "another register's": Case(NONE, **given(certificate(source="x"))),
    "lapsed": Case(
        failing("no certificate is in date; the last one ran until 2026-05-03"),
        **given(certificate(until_on=on("2026-05-03")), certificate("0", until_on=on("2022-01-01"))),
    ),
    "not yet": Case(
        failing("no certificate is in date; the last one ran until 2027-12-31"), **given(certificate(issued_on=on("2026-05-05")))
    ),
    "withdrawn": Case(
        failing("no certificate is in date; the last one ran until 2027-12-31"), **given(certificate(withdrawn_on=on("2026-01-01")))
    ),
    "covers less": Case(failing("the certificate covers less than we claim"), **given(certificate(scope_agrees=False))),
    "lapsed, and another covers less": Case(
        failing("the certificate covers less than we claim"),
        **given(certificate(scope_agrees=False), certificate("0", until_on=on("2022-01-01"))),
    ),
    "not accredited": Case(failing("the body that issued it is not accredited"), **given(certificate(body_id="club"))),
    "no longer accredited": Case(
        failing("the body that issued it is not accredited"), **given(certificate(), bodies=[body(accredited_until_on=on("2026-05-03"))])
    ),
    "accredited to the last day": Case(at_risk(1), **given(certificate(), bodies=[body(accredited_until_on=on("2026-05-04"))])),
    "until when is unknown": Case(
        unproven("whether a certificate proves it is unknown", 1), **given(certificate(), bodies=[body(accredited_until_on=None)])
    ),
    "one of two": Case(
        upheld(1, flips_at=at("2028-01-01")),
        **given(
            certificate("0", until_on=on("2030-01-01"), scope_agrees=False),
            certificate("2", until_on=on("2030-01-01"), withdrawn_on=on("2026-01-01")),
            certificate("3", body_id="club", until_on=on("2031-01-01")),
            certificate(),
            bodies=[body(accredited_until_on=on("2035-01-01")), body("club", accreditor=None, accredited_until_on=on("2035-01-01"))],
        ),
    ),
    "another register's body": Case(
        failing("the body that issued it is not accredited"), **given(certificate(), bodies=[body(source="x")])
    ),
    "nothing claimed": Case(unproven("in scope"), certifications=[], certificates=[], audit_bodies=[]),
    "stale": Case(unproven("stale"), stale=["certificates"], **given(certificate())),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
