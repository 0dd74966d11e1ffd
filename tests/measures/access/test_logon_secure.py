from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import SYSTEMS, Made, system
from tests.mutants import survivors

MEASURE = "access/logon_secure"


def door(name: str, **more: Any) -> Made:
    """A way in that keeps every rule, by password."""
    return {
        "id": name,
        "system_id": "crm",
        "door": name,
        "allows_empty_passwords": False,
        "allows_plaintext": False,
        "limits_guesses": True,
        "allows_passwords": True,
        "allows_remote_superuser": False,
        **more,
    }


OPEN = [system(name, keys_required=False) for name in ("crm", "wiki", "db")]
KEYED = [system(name, keys_required=True) for name in ("crm", "wiki", "db")]


def fault(said: str, **more: Any) -> Case:
    """A door with one fault, beside one in order."""
    return Case(broken(2, [("test/sshd", said)], "sshd of CRM"), logon_settings=[door("pam"), door("sshd", **more)], systems=OPEN)


def doubt(said: str, **more: Any) -> Case:
    """A door with one setting that nobody could read, beside one in order."""
    return Case(unproven(f"sshd of CRM (unknown: {said})", 2), logon_settings=[door("pam"), door("sshd", **more)], systems=OPEN)


CASES = {
    "upheld": Case(upheld(2), logon_settings=[door("sshd"), door("pam", system_id="wiki")], systems=OPEN),
    "nothing to judge": Case(unproven("0 of 0"), logon_settings=[], systems=OPEN),
    "stale": Case(unproven("stale"), stale=["logon_settings"], logon_settings=[door("sshd")], systems=OPEN),
    "no password": fault("lets in without a password", allows_empty_passwords=True),
    "clear text": fault("takes passwords in clear text", allows_plaintext=True),
    "guesses": fault("allows unlimited guesses", limits_guesses=False),
    "superuser": fault("lets the superuser in from afar", allows_remote_superuser=True),
    "all at once": fault(
        "lets in without a password, takes passwords in clear text, allows unlimited guesses, lets the superuser in from afar",
        allows_empty_passwords=True,
        allows_plaintext=True,
        limits_guesses=False,
        allows_remote_superuser=True,
    ),
    "passwords where keys are required": Case(
        broken(1, [("test/sshd", "takes passwords where keys are required")]), logon_settings=[door("sshd")], systems=KEYED
    ),
    "keys only": Case(upheld(1), logon_settings=[door("sshd", allows_passwords=False, limits_guesses=False)], systems=KEYED),
    "keys only, guesses not told": Case(
        upheld(1), logon_settings=[door("sshd", allows_passwords=False, limits_guesses=None)], systems=KEYED
    ),
    "no password not told": doubt("whether it lets in without a password", allows_empty_passwords=None),
    "clear text not told": doubt("whether it takes passwords in clear text", allows_plaintext=None),
    "guesses not told": doubt("whether guesses are limited", limits_guesses=None),
    "superuser not told": doubt("whether it lets the superuser in from afar", allows_remote_superuser=None),
    "keys not told": Case(
        unproven("unknown: whether passwords do where keys are required", 1), logon_settings=[door("sshd")], systems=SYSTEMS
    ),
    "a fault and a doubt": fault("takes passwords in clear text", allows_plaintext=True, limits_guesses=None),
    "a system nobody registered": Case(unproven("sshd of shop", 1), logon_settings=[door("sshd", system_id="shop")], systems=OPEN),
    "a host nobody looked into": Case(
        unproven("WEB (unknown: all of its ways in)", 2),
        logon_settings=[door("sshd")],
        systems=[*OPEN, system("web", kind="host", keys_required=True)],
    ),
    "a host out of operation": Case(
        upheld(1), logon_settings=[door("sshd")], systems=[*OPEN, system("web", kind="host", in_operation=False)]
    ),
    "a host that was looked into": Case(
        upheld(1), logon_settings=[door("sshd", system_id="web")], systems=[*OPEN, system("web", kind="host", keys_required=False)]
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
