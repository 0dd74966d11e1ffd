"""Every drill of the shipped measures goes red, names the subject, and heals; and none touches what the lab did not start."""

from contextlib import ExitStack
from datetime import timedelta
from typing import ClassVar

import pytest
from tests.drills.drilled import all_go_red_and_heal, goes_red_and_heals

from upheld.checks import library
from upheld.drills.catalogue import all_drills, drill_of, drilled
from upheld.drills.changed import ChangeDrill
from upheld.drills.drill import Drill, NotOurs, Scene, ours
from upheld.drills.entrusted import PrivacyDrill
from upheld.drills.facility import FacilityDrill
from upheld.drills.granted import GrantedDrill
from upheld.drills.inventory import AssetDrill
from upheld.drills.kept import KeptDrill
from upheld.drills.kept_safe import BackupDrill
from upheld.drills.run import run_drill
from upheld.drills.staging import Listed, today
from upheld.lab.slapd import Slapd

# Those of the other chapters are tried beside what they break.
CHAPTERS = {
    "access",
    "assets",
    "authorization",
    "backup",
    "change",
    "compliance",
    "continuity",
    "governance",
    "incidents",
    "people",
    "physical",
    "privacy",
    "suppliers",
}


# Each of these opens its scene in a way of its own.
OWN_SCENE = {"assets/returned_on_leaving", "assets/seen_assets_registered", "change/platform_change_tested"}
# These share what they keep, and are tried on one scene; the first of each by itself as well.
ON_ONE_SCENE = {
    kind: [each for each in all_drills().values() if isinstance(each, kind) and each.measure not in OWN_SCENE]
    for kind in (FacilityDrill, AssetDrill, BackupDrill, ChangeDrill, GrantedDrill, PrivacyDrill)
}
BESIDE = {each.measure for drills in ON_ONE_SCENE.values() for each in drills[1:]}


@pytest.mark.lab
@pytest.mark.parametrize("kind", ON_ONE_SCENE, ids=lambda kind: kind.__name__)
def test_drills_on_one_scene_go_red_and_heal(kind: type[KeptDrill]) -> None:
    all_go_red_and_heal(ON_ONE_SCENE[kind])


@pytest.mark.lab
@pytest.mark.parametrize("measure", sorted(measure for measure in drilled() - BESIDE if measure.partition("/")[0] in CHAPTERS))
def test_the_drill_goes_red_and_heals(measure: str) -> None:
    goes_red_and_heals(measure)


def test_every_drill_breaks_a_shipped_measure() -> None:
    assert {drill.measure for drill in all_drills().values()} <= set(library.shipped())


def test_every_drill_says_what_it_does() -> None:
    assert [drill.measure for drill in all_drills().values() if not drill.breaks.strip()] == []


def test_a_measure_without_a_drill_has_none() -> None:
    with pytest.raises(KeyError):
        drill_of("access/never_written")


class Blind(Drill):
    """A drill that breaks nothing that its measure looks at."""

    measure: ClassVar[str] = "assets/endpoint_encrypted"
    breaks: ClassVar[str] = "Nothing is broken."
    calls = 0

    def open(self, stack: ExitStack) -> Scene:
        self.listed = Listed(stack, "devices", "serial,name,kind,in use,encrypted,last seen", f"S1,one,laptop,yes,yes,{today()}")
        return Scene([self.listed.source])

    def sabotage(self) -> str:
        self.calls += 1
        return "one"

    def heal(self) -> None:
        self.calls += 1


def test_a_drill_that_does_not_go_red_has_failed() -> None:
    result = run_drill(Blind())
    assert not result.ok
    assert result.why.startswith("the break was not caught: it is upheld")
    assert len(result.steps) == 2


def test_a_drill_refuses_what_the_lab_did_not_start() -> None:
    with pytest.raises(NotOurs):
        ours(Slapd())
    with pytest.raises(NotOurs):
        ours("db.example.org")  # type: ignore[arg-type]


class Nowhere(Blind):
    """A drill that starts nothing at all."""

    def open(self, stack: ExitStack) -> Scene:
        return Scene(registers={"devices": [{"id": "S1", "in_use": True, "encrypted": True}]})


def test_a_drill_that_started_nothing_breaks_nothing() -> None:
    drill = Nowhere()
    result = run_drill(drill)
    assert not result.ok
    assert drill.calls == 0


class Empty(Nowhere):
    """A drill that starts nothing, on a measure that holds all the same."""

    measure: ClassVar[str] = "access/screen_locks"

    def open(self, stack: ExitStack) -> Scene:
        device = {"id": "S1", "kind": "laptop", "in_use": True, "locks_after": timedelta(minutes=5), "lock_enforced": True}
        return Scene(registers={"devices": [device]})


def test_where_nothing_was_started_nothing_is_broken() -> None:
    drill = Empty()
    with pytest.raises(NotOurs, match="started nothing in the lab"):
        run_drill(drill)
    assert drill.calls == 0
