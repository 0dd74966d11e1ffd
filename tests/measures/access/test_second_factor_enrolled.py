from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import Made, account, at, system
from tests.mutants import survivors

MEASURE = "access/second_factor_enrolled"
SYSTEMS = [system("crm", mfa_required=True), system("wiki", mfa_required=False), system("db", mfa_required=None)]


def signed_in(when: str = "2026-05-02", **more: Any) -> Made:
    said = {"id": when, "system_id": "crm", "identifier": "ada", "at": at(when), "succeeded": True, "used_mfa": True}
    return {**said, **more}


def given(*sign_ins: Made, ada: Made | None = None, **more: Any) -> dict[str, Any]:
    """Ada, who signed in with her second factor."""
    return {"accounts": [ada or account("ada")], "systems": SYSTEMS, "sign_ins": list(sign_ins) or [signed_in()], **more}


def failing(detail: str) -> Any:
    return broken(1, [("test/ada", detail)], "ada on CRM")


NEVER = account("ada", last_login_at=None)
NONE = failing("has no second factor")
WITHOUT = failing("signed in without its second factor")
UNTOLD = unproven("whether it used its second factor is unknown", 1)
CASES = {
    "upheld": Case(upheld(1), **given()),
    "without a second factor": Case(NONE, **given(ada=account("ada", has_mfa=False))),
    "signed in without": Case(WITHOUT, **given(signed_in(used_mfa=False))),
    "signed in without before": Case(upheld(1), **given(signed_in("2026-05-01 10:00", used_mfa=False), signed_in())),
    "tried without": Case(upheld(1), **given(signed_in(), signed_in("2026-05-03", used_mfa=False, succeeded=False))),
    "somebody else signed in without": Case(upheld(1), **given(signed_in(), signed_in("2026-05-03", used_mfa=False, identifier="bob"))),
    "signed in without elsewhere": Case(upheld(1), **given(signed_in(), signed_in("2026-05-03", used_mfa=False, system_id="wiki"))),
    "the system tells of a later one": Case(
        upheld(1), **given(signed_in("2026-04-01", used_mfa=False), ada=account("ada", used_mfa_at=at("2026-05-01")))
    ),
    "the system tells of a later one without": Case(
        WITHOUT, **given(signed_in("2026-04-01"), ada=account("ada", used_mfa_at=at("2026-04-30")))
    ),
    "the system tells of the same": Case(upheld(1), **given(signed_in("2026-05-01"), ada=account("ada", used_mfa_at=at("2026-04-30")))),
    "the log alone tells": Case(upheld(1), **given(ada=NEVER)),
    "the log alone tells of one without": Case(WITHOUT, **given(signed_in(used_mfa=False), ada=NEVER)),
    "used or not is not told": Case(UNTOLD, **given(signed_in(used_mfa=None))),
    "no log, and the system does not tell": Case(UNTOLD, **given(sign_ins=[])),
    "no log, and the system tells": Case(upheld(1), **given(sign_ins=[], ada=account("ada", used_mfa_at=at("2026-05-01")))),
    "no log, and the system tells of one without": Case(WITHOUT, **given(sign_ins=[], ada=account("ada", used_mfa_at=at("2026-04-30")))),
    "never signed in, and another source does not tell": Case(
        upheld(1), **given(sign_ins=[], ada={**NEVER, "source": "other"}, denied={"accounts.last_login_at": "no right"})
    ),
    "never signed in": Case(upheld(1), **given(sign_ins=[], ada=NEVER)),
    "never signed in, as far as is told": Case(UNTOLD, **given(sign_ins=[], ada=NEVER, denied={"accounts.last_login_at": "no right"})),
    "something else is not told": Case(upheld(1), **given(sign_ins=[], ada=NEVER, denied={"accounts.mail": "no right"})),
    "last seen is not told elsewhere": Case(
        upheld(1), **given(sign_ins=[], ada=NEVER, api_tokens=[], denied={"api_tokens.last_login_at": "x"})
    ),
    "a second factor is not told": Case(
        unproven("whether it has a second factor is unknown", 1), **given(ada=account("ada", has_mfa=None))
    ),
    "not told, and signed in without": Case(WITHOUT, **given(signed_in(used_mfa=False), ada=account("ada", has_mfa=None))),
    "perhaps required": Case(unproven("", 1), **given(ada=account("ada", system_id="db", has_mfa=False))),
    "not required": Case(upheld(1), **given(accounts=[account("ada"), account("bob", system_id="wiki", has_mfa=False)])),
    "perhaps enabled": Case(unproven("", 1), **given(ada=account("ada", has_mfa=False, enabled=None))),
    "perhaps usable": Case(unproven("", 1), **given(ada=account("ada", has_mfa=False, can_sign_in=None))),
    "switched off": Case(unproven("0 of 0"), **given(ada=account("ada", has_mfa=False, enabled=False))),
    "unusable": Case(unproven("0 of 0"), **given(ada=account("ada", has_mfa=False, can_sign_in=False))),
    "a program": Case(unproven("0 of 0"), **given(ada=account("ada", has_mfa=False, kind="service"))),
    "of unknown kind": Case(NONE, **given(ada=account("ada", has_mfa=False, kind=None))),
    "stale": Case(unproven("stale"), stale=["accounts"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
