from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import SYSTEMS, Made
from tests.mutants import survivors

MEASURE = "operations/utilities_restricted"


def setuid(path: str, **more: Any) -> Made:
    """A file of the CRM's host that runs as root."""
    return {"id": path, "system_id": "crm", "path": path, "owner": "root", "mode": "4755", "package": "sudo", **more}


def sudo(holder: str, command: str, **more: Any) -> Made:
    """A command that somebody may run as root after giving their password."""
    return {
        "id": f"{holder}:{command}",
        "system_id": "crm",
        "holder": holder,
        "command": command,
        "run_as": "root",
        "needs_password": True,
        **more,
    }


def allowed(path: str, holder: str = "*", **more: Any) -> Made:
    """What may be run on the CRM's host."""
    return {"system_id": "crm", "path": path, "holder": holder, "approved_by": "E-eve", **more}


def given(*files: Made, rules: tuple[Made, ...] = (), register: tuple[Made, ...] = (), **more: Any) -> dict[str, Any]:
    """Files beside sudo, which is allowed."""
    return {
        "privileged_files": [setuid("/usr/bin/sudo"), *files],
        "sudo_rules": list(rules),
        "allowed_utilities": [allowed("/usr/bin/sudo"), *register],
        "systems": SYSTEMS,
        **more,
    }


SHELL = setuid("/tmp/sh", package=None)
FOUND = broken(2, [("test/file//tmp/sh", "runs as root, mode 4755, of no package")], "/tmp/sh on CRM")
MAY = "ada may run it as root"

CASES = {
    "a shell": Case(FOUND, **given(SHELL)),
    "upheld": Case(upheld(1), **given()),
    "a capability": Case(
        broken(2, [("test/file//bin/ping", "runs as root, mode 0755, cap_net_raw=ep, from iputils")]),
        **given(setuid("/bin/ping", mode="0755", capabilities="cap_net_raw=ep", package="iputils")),
    ),
    "allowed on every host": Case(upheld(2), **given(SHELL, register=(allowed("/tmp/sh", system_id="*"),))),
    "allowed on another host": Case(FOUND, **given(SHELL, register=(allowed("/tmp/sh", system_id="wiki"),))),
    "allowed by nobody": Case(FOUND, **given(SHELL, register=(allowed("/tmp/sh", approved_by=None),))),
    "allowed for somebody": Case(FOUND, **given(SHELL, register=(allowed("/tmp/sh", "ada"),))),
    "a rule": Case(broken(2, [("test/sudo/ada:ALL", MAY)], "ALL on CRM"), **given(rules=(sudo("ada", "ALL"),))),
    "a rule without a password": Case(
        broken(2, [("test/sudo/ada:ALL", f"{MAY} without a password")]), **given(rules=(sudo("ada", "ALL", needs_password=False),))
    ),
    "an allowed rule": Case(upheld(2), **given(rules=(sudo("ada", "ALL"),), register=(allowed("ALL", "ada"),))),
    "a rule allowed for everybody": Case(upheld(2), **given(rules=(sudo("ada", "ALL"),), register=(allowed("ALL"),))),
    "a rule allowed for another": Case(
        broken(2, [("test/sudo/ada:ALL", MAY)]), **given(rules=(sudo("ada", "ALL"),), register=(allowed("ALL", "bob"),))
    ),
    "another rule allowed": Case(
        broken(2, [("test/sudo/ada:ALL", MAY)]), **given(rules=(sudo("ada", "ALL"),), register=(allowed("/bin/x", "ada"),))
    ),
    "root's own rule": Case(upheld(1), **given(rules=(sudo("root", "ALL"),))),
    "a listed utility": Case(
        broken(2, [("test/package/tcpdump", "is installed")], "tcpdump on CRM"),
        **given(packages=[{"id": name, "system_id": "crm", "manager": "dpkg", "name": name} for name in ("tcpdump", "bash")]),
    ),
    "nothing to judge": Case(unproven("0 of 0"), privileged_files=[], sudo_rules=[], allowed_utilities=[]),
    "not read completely": Case(unproven("has never read sudo_rules completely"), partial=["sudo_rules"], **given()),
    "stale": Case(unproven("stale"), stale=["privileged_files"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
