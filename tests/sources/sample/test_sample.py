"""The sample company: the same from the same seed, coherent, and wrong exactly where it says so."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from upheld.checks import library
from upheld.checks.judge import judge
from upheld.checks.schema import inputs
from upheld.checks.verdict import State, Verdict
from upheld.evidence.collection import Collecting, Coverage
from upheld.evidence.frame import frame_at
from upheld.evidence.store import Store
from upheld.evidence.table import Row
from upheld.sources import sample
from upheld.sources.sample import SAMPLE, Sample
from upheld.sources.sample.calendar import Calendar
from upheld.sources.sample.company import company
from upheld.sources.sample.faults import FAULTS, UNSEEN
from upheld.sources.sample.names import FAMILY, GIVEN, person_name, user_name
from upheld.sources.sample.page import page
from upheld.sources.sample.staff import NAMESAKES, REHIRED, person_id
from upheld.sources.sample.systems import SYSTEMS
from upheld.sources.source import Misconfigured, SourceKind

MONDAY = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
DOCS = Path(__file__).parents[3] / "docs" / "sources"
DECIDED = Path(sample.__file__).with_name("parameters.toml")
# Documents and registers are the product's own: no source of another kind fills them.
ELSEWHERE = {
    name
    for name, measure in library.shipped().items()
    if {base for table in measure.tables if table not in measure.optional for base in inputs(table)} - set(SAMPLE.tables)
}


BLURRED = {each.measure for each in UNSEEN} | {name for fault in FAULTS for name in fault.blurs}


def collected(at: datetime = MONDAY, *, seed: str = "1", people: int = 150, before: Collecting | None = None) -> Collecting:
    into = Collecting("sample", SAMPLE.tables, at, known=lambda name: before.seen[name].rows.values() if before else ())
    Sample(seed, people).collect(into)
    return into


def rows(into: Collecting) -> dict[str, list[Row]]:
    return {name: list(seen.rows.values()) for name, seen in into.seen.items()}


def judged(into: Collecting, folder: Path) -> dict[str, Verdict]:
    told = Store(folder, []).record(into, "only")
    frame = frame_at(told.files, [each.filled(None) for each in told.tables.values()], into.seen_at + timedelta(minutes=5))
    return {each.measure: each for each in judge(library.shipped().values(), frame, library.parameters_in_force(None, DECIDED), {})}


def planted(which: str) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for fault in FAULTS:
        for measure, subject in getattr(fault, which):
            if measure not in ELSEWHERE:
                found[measure].add(subject)
    return found


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Verdict]:
    return judged(collected(), tmp_path_factory.mktemp("sample"))


@pytest.mark.parametrize("measure", sorted(library.shipped()))
def test_exactly_the_planted_subjects_fail(verdicts, measure):
    assert {each.subject for each in verdicts[measure].failing} == planted("breaks")[measure]


@pytest.mark.parametrize("measure", sorted(planted("breaks")))
def test_each_planted_fault_breaks_its_measure(verdicts, measure):
    assert verdicts[measure].state is State.BROKEN


@pytest.mark.parametrize("measure", sorted(planted("soon")))
def test_faults_to_come_put_their_measure_at_risk(verdicts, measure):
    verdict = verdicts[measure]
    assert verdict.state is State.AT_RISK
    assert verdict.flips_at is not None and verdict.flips_at - MONDAY < timedelta(days=7)


@pytest.mark.parametrize("unseen", UNSEEN, ids=lambda unseen: unseen.measure)
def test_what_is_not_told_is_unproven(verdicts, unseen):
    assert verdicts[unseen.measure].state is State.UNPROVEN


def test_all_other_measures_are_upheld(verdicts):
    expected = set(library.shipped()) - set(planted("breaks")) - set(planted("soon")) - BLURRED - ELSEWHERE
    assert {measure for measure, verdict in verdicts.items() if verdict.state is State.UPHELD} == expected
    assert len(expected) >= 5


@pytest.mark.parametrize(("seed", "people", "at"), [("another", 150, MONDAY), ("1", 1500, datetime(2027, 2, 28, 23, 50, tzinfo=UTC))])
def test_every_company_on_any_day_has_the_same_faults(tmp_path, seed, people, at):
    found = judged(collected(at, seed=seed, people=people), tmp_path)
    assert {name: {each.subject for each in verdict.failing} for name, verdict in found.items() if verdict.failing} == planted("breaks")


@pytest.mark.parametrize("days", [8, 100])
def test_later_only_what_was_announced_has_come_true(tmp_path, days):
    found = judged(collected(MONDAY + timedelta(days=days), before=collected()), tmp_path)
    expected = {name: planted("breaks")[name] | planted("soon")[name] for name in {*planted("breaks"), *planted("soon")}}
    assert {name: {each.subject for each in verdict.failing} for name, verdict in found.items() if verdict.failing} == expected


def test_without_the_faults_nothing_fails(tmp_path):
    into = Collecting("sample", SAMPLE.tables, MONDAY)
    for name, made in company("1", 150, Calendar(MONDAY, MONDAY), faults=()).items():
        into.rows(name, made)
    assert {name: verdict.failing for name, verdict in judged(into, tmp_path).items() if verdict.failing} == {}


def test_the_same_seed_gives_the_same_company():
    assert rows(collected()) == rows(collected())


def test_another_seed_gives_another_company():
    assert rows(collected())["people"] != rows(collected(seed="2"))["people"]


def test_a_day_later_only_what_time_changes_has_changed():
    first = collected()
    second = collected(MONDAY + timedelta(days=1), before=first)
    same = {name for name in first.seen if first.seen[name].rows == second.seen[name].rows}
    moved = {"accounts", "api_tokens", "backups", "capacity_readings", "clock_readings", "commits", "devices", "repositories", "sign_ins"}
    moved |= {"badge_entries", "release_tests", "releases", "device_sightings", "monitoring_heartbeats", "scan_findings", "scans"}
    moved |= {"transactions", "network_sightings", "flows", "temporary_sweeps", "managed_devices", "code_files", "secret_scans"}
    moved |= {"written_places", "reachability_probes", "tenant_probes", "remote_sessions"}
    assert set(first.seen) - same <= moved
    for name in first.seen:
        assert first.seen[name].rows.keys() <= second.seen[name].rows.keys(), f"{name} lost rows in one day"


def test_a_year_later_leaves_the_past_as_it_was():
    first = collected()
    later = collected(MONDAY + timedelta(days=365), before=first)
    for name in ("people", "commits", "backups", "restore_tests", "releases"):
        assert {key: row for key, row in later.seen[name].rows.items() if key in first.seen[name].rows} == first.seen[name].rows


def test_a_company_of_the_size_it_says():
    made = rows(collected())
    assert len(made["people"]) == 150
    assert len(made["systems"]) == len(SYSTEMS) == 12
    assert 550 <= len(made["accounts"]) <= 750
    assert {row["office"] for row in made["people"]} == {"Nordhaven", "Lisbrook"}
    assert len(rows(collected(people=1500))["people"]) == 1500


def test_people_join_leave_come_back_and_share_a_name():
    people = {row["id"]: row for row in rows(collected())["people"]}
    today = MONDAY.date()
    assert sum(row["ended_on"] is not None and row["ended_on"] < today for row in people.values()) >= 8
    assert any(row["started_on"] > today for row in people.values())
    assert people[person_id(NAMESAKES[0])]["name"] == people[person_id(NAMESAKES[1])]["name"]
    assert people[person_id(NAMESAKES[0])]["mail"] != people[person_id(NAMESAKES[1])]["mail"]
    assert people[person_id(REHIRED)]["ended_on"] is None
    assert {row["kind"] for row in people.values()} == {"employee", "contractor"}


def test_what_rows_refer_to_is_there():
    made = rows(collected())
    assert dangling(made, "accounts", "person_ref", "people") == set()
    assert dangling(made, "grants", "group_id", "groups") == set()
    assert dangling(made, "devices", "owner_id", "people") == set()
    assert dangling(made, "package_deviations", "package_id", "packages") == set()
    assert dangling(made, "commits", "repository_id", "repositories") == set()
    for name in ("accounts", "grants", "hosts", "backups", "endpoints", "keys", "logon_settings", "clock_readings"):
        column = "id" if name == "hosts" else "system_id"
        assert dangling(made, name, column, "systems") == set(), name


def dangling(made: Mapping[str, Sequence[Row]], name: str, column: str, to: str) -> set[object]:
    there = {row["id"] for row in made[to]}
    return {row[column] for row in made[name] if row[column] is not None} - there


def test_the_collection_says_what_it_could_not_see():
    into = collected()
    assert into.coverage is Coverage.PARTIAL
    assert {(gap.table, gap.column) for gap in into.gaps} == {("accounts", "password_scheme")}
    assert {name for name, seen in into.seen.items() if seen.coverage is Coverage.PARTIAL} == {"packages"}


def test_names_are_those_of_many_people_and_can_be_typed():
    names = {person_name(place, turn=7) for place in range(len(GIVEN) * len(FAMILY))}
    assert len(names) == len(GIVEN) * len(FAMILY)
    for name in names:
        assert all(letter.isascii() and (letter.isalnum() or letter in "-.") for letter in user_name(name)), name
        assert user_name(name).count(".") == 1


@pytest.mark.parametrize("people", ["", "59", "1e3", "-5", "100001", "many", "１５０x"])
def test_a_number_of_people_that_makes_no_company_is_refused(people):
    with pytest.raises(Misconfigured, match="give a number"):
        SAMPLE.connect({"seed": "1", "people": people})


def test_the_kind_says_that_nothing_is_real():
    kind: SourceKind = SAMPLE
    assert kind.notice == "Sample data: this company does not exist."
    assert SAMPLE.connect({"seed": "1", "people": "60"}).test() == "A company of 60 people that does not exist, made from seed 1."


def test_the_page_of_documentation_is_fresh():
    assert (DOCS / "sample.md").read_text(encoding="utf-8") == page(), "run python -m upheld.sources.sample > docs/sources/sample.md"
