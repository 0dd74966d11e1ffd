from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import SYSTEMS, Made, at, on
from tests.mutants import survivors

MEASURE = "change/packages_unmodified"


def package(name: str, **more: Any) -> Made:
    """A package whose files were compared."""
    return {"id": name, "system_id": "crm", "manager": "dpkg", "name": name, "version": "1", "verified": True, **more}


def deviation(path: str, **more: Any) -> Made:
    """A file of bash that was changed."""
    return {"id": path, "system_id": "crm", "package_id": "bash", "path": path, "what": "changed", "is_configuration": False, **more}


def approval(path: str, **more: Any) -> Made:
    """A file that may differ on the CRM."""
    return {"system_id": "crm", "path": path, "approved_by": "E-ada", **more}


def given(*deviations: Made, approved: tuple[Made, ...] = (), packages: tuple[Made, ...] = ()) -> dict[str, Any]:
    """Deviations of two packages."""
    return {
        "packages": [package("bash"), package("dash"), *packages],
        "package_deviations": list(deviations),
        "approved_deviations": list(approved),
        "systems": SYSTEMS,
    }


CHANGED = broken(2, [("test/bash", "/bin/bash is changed")], "bash on CRM")
BASH = deviation("/bin/bash")

CASES = {
    "changed": Case(CHANGED, **given(BASH)),
    "upheld": Case(upheld(2), **given()),
    "several": Case(
        broken(2, [("test/bash", "/bin/bash is changed, /usr/share/bash is missing")]),
        **given(deviation("/usr/share/bash", what="missing"), BASH, deviation("/bin/ok"), approved=(approval("/bin/ok"),)),
    ),
    "three files": Case(
        broken(2, [("test/bash", "/b is changed, /c is changed, /d is changed")]),
        **given(*map(deviation, ("/b", "/c", "/d")), deviation("/a"), approved=(approval("/a"),)),
    ),
    "more than can be named": Case(
        broken(2, [("test/bash", "/b is changed, /c is changed, /d is changed and 2 more")]),
        **given(*map(deviation, ("/f", "/e", "/d", "/c", "/b")), deviation("/a"), approved=(approval("/a"),)),
    ),
    "approved": Case(upheld(2), **given(BASH, approved=(approval("/bin/bash"),))),
    "approved until": Case(
        upheld(2, flips_at=at("2026-07-01")), **given(BASH, approved=(approval("/bin/bash", until_on=on("2026-06-30")),))
    ),
    "approved until today": Case(
        at_risk(2, flips_at=at("2026-05-05")), **given(BASH, approved=(approval("/bin/bash", until_on=on("2026-05-04")),))
    ),
    "approved until yesterday": Case(CHANGED, **given(BASH, approved=(approval("/bin/bash", until_on=on("2026-05-03")),))),
    "approved on every host": Case(upheld(2), **given(BASH, approved=(approval("/bin/bash", system_id="*"),))),
    "approved on another host": Case(CHANGED, **given(BASH, approved=(approval("/bin/bash", system_id="wiki"),))),
    "approved by nobody": Case(CHANGED, **given(BASH, approved=(approval("/bin/bash", approved_by=None),))),
    "another file approved": Case(CHANGED, **given(BASH, approved=(approval("/bin/dash"),))),
    "a folder approved": Case(upheld(2), **given(deviation("/usr/share/doc/bash/x"), approved=(approval("/usr/share/doc/"),))),
    "another folder approved": Case(CHANGED, **given(BASH, approved=(approval("/usr/share/doc/"),))),
    "half a name approved": Case(CHANGED, **given(BASH, approved=(approval("/bin/ba"),))),
    "configuration": Case(upheld(2), **given(deviation("/etc/bash.bashrc", is_configuration=True))),
    "perhaps configuration": Case(
        unproven("1 of 2 packages cannot be judged: bash on CRM (/etc/x is changed)", 2),
        **given(deviation("/etc/x", is_configuration=None)),
    ),
    "not compared": Case(
        unproven("zsh on CRM (its files were not compared with the vendor's)", 3), **given(packages=(package("zsh", verified=False),))
    ),
    "not compared, and changed": Case(
        broken(3, [("test/zsh", "/bin/zsh is changed")]),
        **given(deviation("/bin/zsh", package_id="zsh"), packages=(package("zsh", verified=None),)),
    ),
    "of no package": Case(broken(3, [("test/crm//bin/x", "is changed")], "/bin/x on CRM"), **given(deviation("/bin/x", package_id=None))),
    "of no package, approved": Case(upheld(3), **given(deviation("/bin/x", package_id=None), approved=(approval("/bin/x"),))),
    "of no package, perhaps configuration": Case(
        unproven("/bin/x on CRM (is changed)", 3), **given(deviation("/bin/x", package_id=None, is_configuration=None))
    ),
    "of a package that is gone": Case(broken(3, [("test/crm//bin/x", "is changed")]), **given(deviation("/bin/x", package_id="gone"))),
    "of another source's package": Case(
        broken(3, [("other/crm//bin/bash", "is changed")]), **given(deviation("/bin/bash", source="other"))
    ),
    "approved at one source": Case(
        upheld(2),
        **given(BASH, approved=(approval("/bin/bash"),)),
    ),
    "nothing to judge": Case(unproven("0 of 0"), packages=[], package_deviations=[]),
    "stale": Case(unproven("stale"), stale=["packages"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
