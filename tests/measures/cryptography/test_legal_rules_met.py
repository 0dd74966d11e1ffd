from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import Made, on, system
from tests.mutants import survivors

MEASURE = "cryptography/legal_rules_met"


def rule(name: str, effect: str = "forbids", **more: Any) -> Made:
    """A rule of the region uk since 2020."""
    said = {
        "id": name,
        "title": name.upper(),
        "effect": effect,
        "names": ["DES"],
        "regions": ["uk"],
        "systems": [],
        "from_on": on("2020-01-01"),
    }
    return {**said, **more}


def endpoint(of: str, **more: Any) -> Made:
    told = {"id": f"{of}:443", "system_id": of, "service": "https", "protocols": ["TLSv1.2", "TLSv1.3"], "key_kind": "EC"}
    return {**told, "weakest_cipher": "AES128", **more}


def key(of: str, algorithm: str | None, state: str | None = "active") -> Made:
    return {"id": f"{of}/{algorithm}", "system_id": of, "fingerprint": "F", "purpose": "tls", "algorithm": algorithm, "state": state}


def given(*rules: Made, keys: tuple[Made, ...] = (), of: dict[str, Any] | None = None, **more: Any) -> dict[str, list[Made]]:
    systems = [
        system("crm", **{"region": "uk", **(of or {})}),
        system("wiki", region="de"),
        system("gone", region="uk", in_operation=False),
    ]
    return {
        "systems": systems,
        "endpoints": [endpoint("wiki"), endpoint("crm", **more)],
        "keys": [key("wiki", "AES"), *keys],
        "cryptography_rules": [rule("nothing", "free", names=[], regions=["de"]), *rules],
    }


NO_DES, NO_EC = rule("export"), rule("import", names=["EC", "DES"])
BROKEN = broken(2, [("test/crm", "uses EC, which IMPORT forbids")])
TLS13 = rule("order", "demands", names=["TLSv1.3"])
GOST = rule("gost", "demands", names=["GOST"])

CASES = {
    "upheld": Case(upheld(2), **given(NO_DES)),
    "forbidden key": Case(BROKEN, **given(NO_EC)),
    "forbidden protocol": Case(broken(2, [("test/crm", "uses TLSv1.2, which X forbids")]), **given(rule("x", names=["TLSv1.2"]))),
    "forbidden suite": Case(broken(2, [("test/crm", "uses AES128, which X forbids")]), **given(rule("x", names=["AES128"]))),
    "forbidden algorithm": Case(broken(2, [("test/crm", "uses DES, which EXPORT forbids")]), **given(NO_DES, keys=(key("crm", "DES"),))),
    "used elsewhere": Case(upheld(2), **given(NO_DES, keys=(key("wiki", "DES"),))),
    "of a key that is gone": Case(upheld(2), **given(NO_DES, keys=(key("crm", "DES", "destroyed"),))),
    "of a key in an unknown state": Case(
        broken(2, [("test/crm", "uses DES, which EXPORT forbids")]), **given(NO_DES, keys=(key("crm", "DES", None),))
    ),
    "demanded": Case(upheld(2), **given(TLS13)),
    "one of two demanded": Case(upheld(2), **given(rule("order", "demands", names=["TLSv1.3", "GOST"]))),
    "lacks what is demanded": Case(broken(2, [("test/crm", "lacks what GOST demands")]), **given(GOST)),
    "two rules": Case(broken(2, [("test/crm", "lacks what GOST demands; uses EC, which IMPORT forbids")]), **given(NO_EC, GOST)),
    "by contract": Case(BROKEN, **given(NO_DES, rule("import", names=["EC"], regions=[], systems=["crm"]))),
    "by another's contract": Case(upheld(2), **given(NO_DES, rule("other", names=["AES128"], regions=["fr"], systems=["erp"]))),
    "by contract alone": Case(unproven("nobody wrote down", 2), **given(rule("c", regions=[], systems=["crm"]))),
    "nobody looked": Case(unproven("nobody wrote down which rules hold in uk", 2), **given()),
    "where it runs is unknown": Case(unproven("where it runs is not known", 2), **given(NO_DES, of={"region": None})),
    "moved to where it is forbidden": Case(BROKEN, **given(rule("import", names=["EC"], regions=["fr"]), of={"region": "fr"})),
    "free": Case(upheld(2), **given(rule("f", "free", names=[]))),
    "free, and not measured": Case(upheld(2), **given(rule("f", "free", names=[]), protocols=None, key_kind=None, weakest_cipher=None)),
    "not measured": Case(unproven("was not measured", 2), **given(NO_DES, protocols=None, key_kind=None, weakest_cipher=None)),
    "not measured, and demanded": Case(unproven("was not measured", 2), **given(GOST, protocols=None, key_kind=None, weakest_cipher=None)),
    "measured in part": Case(unproven("was not measured", 2), **given(NO_DES, keys=(key("crm", None),))),
    "from its first day": Case(BROKEN, **given(rule("import", names=["EC"], from_on=on("2026-05-04")))),
    "before its first day": Case(upheld(2), **given(NO_DES, rule("import", names=["EC"], from_on=on("2026-05-05")))),
    "its last day": Case(BROKEN, **given(rule("import", names=["EC"], until_on=on("2026-05-04")))),
    "after its last day": Case(upheld(2), **given(NO_DES, rule("import", names=["EC"], until_on=on("2026-05-03")))),
    "whether it serves anybody is unknown": Case(BROKEN, **given(NO_EC, of={"in_operation": None})),
    "no system": Case(unproven("0 of 0"), systems=[], endpoints=[], keys=[], cryptography_rules=[NO_DES]),
    "stale": Case(unproven("stale"), stale=["endpoints"], **given(NO_DES)),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
