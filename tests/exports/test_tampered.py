"""What a verifier must refuse of a bundle, with its reason in words: changes by a stranger, and lies of the operator who holds the key."""

import json
import os
import random
from collections.abc import Callable
from typing import Any

import pytest
from tests.exports.given import NOW, ROLES, SIGNED, Company, by_the_operator, edited, judged, with_manifest

from upheld import clock
from upheld.exports.bundle.scope import Disclose
from upheld.ledger import sequencer
from upheld.ledger.keys import FileSigner

Members = dict[str, bytes]
PEOPLE = "rows/people/hr.jsonl"


def rows(members: Members, change: Callable[[list[bytes]], list[bytes]]) -> Members:
    return {**members, PEOPLE: b"".join(change(members[PEOPLE].splitlines(keepends=True)))}


def row(members: Members, find: str, change: Callable[[Any], None]) -> Members:
    def changed(lines: list[bytes]) -> list[bytes]:
        said = [json.loads(line) for line in lines]
        for each in said:
            if find in json.dumps(each, ensure_ascii=False):
                change(each)
        return [json.dumps(each, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n" for each in said]

    return rows(members, changed)


def last(measure: str, change: Callable[[Any], None]) -> Callable[[Members], Members]:
    return lambda members: edited(members, f"verdicts/{measure}.json", lambda said: change(said["judgements"][-1]))


def first(measure: str, change: Callable[[Any], None]) -> Callable[[Members], Members]:
    return lambda members: edited(members, f"verdicts/{measure}.json", lambda said: change(said["judgements"][0]))


def text(path: str, old: bytes, new: bytes) -> Callable[[Members], Members]:
    def changed(members: Members) -> Members:
        assert old in members[path]
        return {**members, path: members[path].replace(old, new)}

    return changed


def judgement_file(members: Members, old: bytes, new: bytes) -> Members:
    (path,) = (path for path in members if path.startswith("judgements/"))
    return text(path, old, new)(members)


def without_the_break(members: Members) -> Members:
    def hide(said: Any) -> None:
        said["intervals"], said["judgements"] = said["intervals"][1:], said["judgements"][1:]

    return edited(members, f"verdicts/{SIGNED}.json", hide)


def earlier_reading(said: Any) -> None:
    said["evidence"][0]["read"] = said["evidence"][0]["complete"] = said["evidence"][0]["newest"] = "2026-05-04T12:00:00.000000Z"


def without_readings(members: Members) -> Members:
    return edited(
        members, "evidence.json", lambda said: said["rows"][0].update(read=said["rows"][0]["read"][:1] + said["rows"][0]["read"][2:])
    )


LIES: dict[str, tuple[Callable[[Members], Members], str]] = {
    "a row is left out": (lambda m: rows(m, lambda lines: lines[1:]), "do not give the digest"),
    "all rows are left out": (lambda m: rows(m, lambda lines: []), "do not give the digest"),
    "a row is there twice": (lambda m: rows(m, lambda lines: lines + lines[:1]), "do not give the digest"),
    "a row is changed": (
        lambda m: row(m, "Diddley", lambda said: said["row"].update(confidentiality_signed_on="2026-05-01")),
        "do not give the digest",
    ),
    "a row's salt is changed": (lambda m: row(m, "Ada", lambda said: said.update(salt="0" * 32)), "do not give the digest"),
    "a row is backdated": (
        lambda m: row(m, '"2026-05-05"', lambda said: said.update({"from": "2026-05-04T12:00:00.000000Z"})),
        "do not give the digest",
    ),
    "a row is seen when nobody looked": (
        lambda m: row(m, "Ada", lambda said: said.update({"from": "2026-05-04T11:00:00.000000Z"})),
        "opened or ended when nobody read the table",
    ),
    "a row is said to be erased": (
        lambda m: row(m, "Ada", lambda said: (said.pop("row"), said.pop("salt"), said.update(leaf="0" * 64, why="erased"))),
        "do not give the digest",
    ),
    "a row is hidden behind its leaf and its values changed": (
        lambda m: row(m, "Ada", lambda said: (said.pop("salt"), said.update(leaf="0" * 64, why="masked"))),
        "do not give the digest",
    ),
    "a column is of another type": (lambda m: row(m, "Ada", lambda said: said["row"].update(name=7)), "name is no text"),
    "a column that there is not": (lambda m: row(m, "Ada", lambda said: said["row"].update(shoe_size="44")), "has no column 'shoe_size'"),
    "a reading is left out": (without_readings, "are in the ledger, and the bundle leaves some out"),
    "a count in the last judgement": (lambda m: judgement_file(m, b'"pass":3', b'"pass":2'), "is not what entry"),
    "a state in the last judgement": (lambda m: judgement_file(m, b'"state":"unproven"', b'"state":"upheld"'), "is not what entry"),
    "the state in force": (
        lambda m: edited(m, f"verdicts/{ROLES}.json", lambda said: said.update(state="upheld")),
        "was last judged otherwise",
    ),
    "the break is hidden": (without_the_break, "changed the verdict of people/undertaking_signed, and the bundle does not say so"),
    "an interval says otherwise": (
        lambda m: edited(m, f"verdicts/{SIGNED}.json", lambda said: said["intervals"][0].update(state="upheld")),
        "says otherwise of people/undertaking_signed",
    ),
    "an interval begins later": (
        lambda m: edited(m, f"verdicts/{SIGNED}.json", lambda said: said["intervals"][0].update({"from": "2026-05-05T00:00:00.000000Z"})),
        "says otherwise of people/undertaking_signed",
    ),
    "an interval ends earlier": (
        lambda m: edited(m, f"verdicts/{SIGNED}.json", lambda said: said["intervals"][0].update(until="2026-05-05T00:00:00.000000Z")),
        "does not begin where the one before ended",
    ),
    "the query is changed": (
        text(f"measures/{SIGNED}.sql", b"IS NOT NULL THEN true", b"IS NULL THEN true"),
        "measure is not what was judged",
    ),
    "the front matter is changed": (text(f"measures/{SIGNED}.sql", b'"deadline"', b'"state"'), "measure is not what was judged"),
    "a parameter is loosened": (
        last(SIGNED, lambda said: said["parameters"][0].update(value="2 months")),
        "parameters is not what was judged",
    ),
    "a parameter is left out": (last(SIGNED, lambda said: said["parameters"].pop()), "parameters"),
    "a parameter is of another kind": (last(SIGNED, lambda said: said["parameters"][0].update(kind="text")), "is not declared as text"),
    "a derived table is computed otherwise": (
        text("derived/engagements.sql", b"SELECT each.source", b"SELECT DISTINCT each.source"),
        "derived engagements is not what was judged",
    ),
    "who failed is left out": (first(SIGNED, lambda said: said["subjects"].clear()), "outcomes is not what was judged"),
    "somebody else failed": (first(SIGNED, lambda said: said["subjects"][0].update(subject="1")), "outcomes is not what was judged"),
    "who is unknown passes": (last(ROLES, lambda said: said["subjects"].clear()), "outcomes is not what was judged"),
    "evidence of an earlier day": (last(SIGNED, earlier_reading), "was read later than it says"),
    "evidence is left out": (last(SIGNED, lambda said: said["evidence"].clear()), "evidence is not what was judged"),
    "evidence was never complete": (last(SIGNED, lambda said: said["evidence"][0].update(complete=None)), "comes to unproven"),
    "a pass that is about to end": (
        last(SIGNED, lambda said: said.update(flips_at="2026-05-07T00:00:00.000000Z")),
        "is said to be upheld, and comes to at risk",
    ),
    "a gap is invented": (
        last(
            SIGNED,
            lambda said: said["gaps"].append({"source": "hr", "table_name": "people", "column_name": "name", "kind": "denied", "why": "x"}),
        ),
        "other columns of people from hr could not be read",
    ),
    "another instant": (last(SIGNED, lambda said: said.update(as_of="2026-05-06T12:02:00.000000Z")), "is of another measure or instant"),
    "a promise stands better": (
        lambda m: edited(m, "promises.json", lambda said: said["promises"][0].update(state="upheld")),
        "does not stand as its worst measure",
    ),
    "a promise says less": (
        lambda m: edited(m, "promises.json", lambda said: said["promises"][0].update(text="Everybody signs.")),
        "is not what its document promises",
    ),
    "a promise rests on less": (
        lambda m: edited(m, "promises.json", lambda said: said["promises"][0].update(measures=[SIGNED], state="upheld")),
        "is not what its document promises",
    ),
    "a promise is left out": (
        lambda m: edited(m, "promises.json", lambda said: said["promises"].pop(0)),
        "promises.json leaves out 'mini:1'",
    ),
    "a reading is of long before": (
        lambda m: edited(m, "evidence.json", lambda said: said["rows"][0]["read"][0].update(at="2026-05-02T12:00:00.000000Z")),
        "or more than a day before",
    ),
    "the verdict of another measure": (lambda m: {**m, f"verdicts/{SIGNED}.json": m[f"verdicts/{ROLES}.json"]}, "is of another measure"),
    "another key is named (37)": (
        lambda m: edited(
            m, "trust.json", lambda said: said["keys"][0].update(key=FileSigner("example.com/ledger/main/1", bytes(32)).key.text())
        ),
        "which you do not trust",
    ),
    "a member is missing (24)": (lambda m: {path: data for path, data in m.items() if path != PEOPLE}, f"{PEOPLE} is missing"),
    "nothing is judged": (
        lambda m: edited(m, f"verdicts/{SIGNED}.json", lambda said: said["judgements"].clear()),
        "was last judged otherwise",
    ),
    "a judgement rests on a collection": (
        lambda m: edited(
            m,
            f"verdicts/{SIGNED}.json",
            lambda said: said["judgements"][-1].update(entry=json.loads(m["evidence.json"])["rows"][0]["read"][0]["entry"]),
        ),
        "no proof of the entry that it rests on",
    ),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_of_the_operator_is_refused_with_its_reason(company, members, lie):
    change, reason = LIES[lie]
    with clock.at(NOW):
        forged = by_the_operator(change(members))
    found = judged(company, forged)
    assert not found.holds
    assert any(reason in sentence for sentence in found.report.failed), found.report.failed


def test_what_the_operator_changes_nothing_of_holds(company, members):
    with clock.at(NOW):
        assert judged(company, by_the_operator(members), again=True).holds


def test_the_query_as_it_ran_is_not_believed_where_it_gives_something_else(company, members):
    (path,) = (path for path in members if path.startswith(f"queries/{ROLES}/20260506"))
    with clock.at(NOW):
        forged = by_the_operator({**members, path: b"SELECT person_id AS subject, true AS ok FROM engagements\n"})
    found = judged(company, forged, again=True)
    (told,) = (each for each in found.reperformed if each.measure == ROLES and each.as_of.startswith("2026-05-06"))
    assert told.result == "differs"
    assert any("the query as it ran gives something else" in why for why in told.why)


def test_an_exception_that_was_not_there_shows_when_judged_again(company, members):
    forged = first(SIGNED, lambda said: said["exceptions"].append({"subject": "2", "until": "2027-01-01T00:00:00.000000Z"}))(members)
    with clock.at(NOW):
        found = judged(company, by_the_operator(forged), again=True)
    assert [each.result for each in found.reperformed if each.measure == SIGNED] == ["differs", "same", "same"]


@pytest.mark.parametrize("path", ["README.md", "manifest.json", "queries", PEOPLE, "log-1/checkpoint"])
def test_a_stranger_can_change_no_byte_and_recompute_what_he_likes(company, members, path):
    name = next(each for each in sorted(members) if each.startswith(path))
    data = bytearray(members[name])
    data[len(data) // 2] ^= 1
    changed = {**members, name: bytes(data)}
    for forged in (changed, with_manifest(changed)) if name != "manifest.json" else (changed,):
        assert not judged(company, forged).holds


def test_a_manifest_that_no_entry_names_is_told_as_such(company, members):
    found = judged(company, with_manifest({**members, "README.md": b"# Trust us\n"}))
    assert any("no entry of the ledger says that a bundle with this manifest" in sentence for sentence in found.report.failed)


def test_a_member_that_the_manifest_does_not_name_is_no_part_of_it(company, members):
    found = judged(company, {**members, "note.txt": b"x"})
    assert found.report.failed == ["'note.txt' is no part of this bundle"]


def test_an_older_checkpoint_than_the_one_held_is_refused(company, members):
    with clock.at(NOW):
        by_the_operator(members)
        newer = sequencer.sequence().note.encode()
    assert judged(company, members, members["log-1/checkpoint"]).report.failed == []
    assert any("it is an older one" in sentence for sentence in judged(company, members, newer).report.failed)


def test_two_signed_checkpoints_of_one_size_are_a_fork(company, members):
    note = members["log-1/checkpoint"]
    signer = FileSigner("example.com/ledger/main/1", bytes(range(32)))
    assert judged(company, members, note).holds
    forked = note.replace(note.split(b"\n")[2], b"A" * 43 + b"=")
    found = judged(company, members, forked)
    assert not found.holds
    assert signer.key not in [each.key for each in company.policy.keys]


def test_entries_of_another_log_are_refused(company, members):
    other = {path: data.replace(b"example.com/ledger/main/1", b"example.com/ledger/main/2") for path, data in members.items()}
    found = judged(company, other)
    assert any("you gave no key for it" in sentence for sentence in found.report.failed)


OPENINGS: dict[str, tuple[Callable[[Any], None], str]] = {
    "wrong opening (18)": (lambda said: said.update(opening="0" * 128), "does not open"),
    "wrong value (19)": (lambda said: said.update(value="Bo"), "does not open"),
    "another field (20)": (lambda said: said.update(field="subject"), "commits to nothing under 'subject'"),
    "a text for a number (21)": (lambda said: said.update(value=1), "does not open"),
    "another entry (23)": (
        lambda said: said.update(entry="01a202a9-39e4-77c2-8012-82d72d86a7e6"),
        "an entry that the bundle does not have",
    ),
}


@pytest.fixture
def approved(company: Company) -> Members:
    """Return a bundle of a document that somebody approved, with the opening that says who."""
    from upheld.documents.publication import Step, record

    with clock.at(NOW):
        record("mini", Step.APPROVED, by="1")
    return company.make(as_of=NOW).members


def test_who_approved_a_document_is_disclosed_and_shown(company, approved):
    found = judged(company, approved)
    assert found.report.failed == []
    assert "1 personal values are those that entries commit to" in found.report.checked
    assert any("the text of mini is the one that was approved 2026-05-06" in line for line in found.report.checked)
    assert company.make(as_of=NOW, disclose=Disclose.NONE).members["openings.jsonl"] == b""


@pytest.mark.parametrize("case", OPENINGS)
def test_an_opening_that_opens_nothing_is_refused(company, approved, case):
    change, reason = OPENINGS[case]
    said = json.loads(approved["openings.jsonl"])
    change(said)
    line = json.dumps(said, sort_keys=True, separators=(",", ":")).encode() + b"\n"
    with clock.at(NOW):
        found = judged(company, by_the_operator({**approved, "openings.jsonl": line}))
    assert any(reason in sentence for sentence in found.report.failed), found.report.failed


def test_no_flipped_bit_and_no_truncation_is_accepted_and_nothing_crashes(company, one_promise):
    """Two flipped bits at each byte, and a cut at each, of every member; as many of them as `UPHELD_MUTATIONS` says (0: all)."""
    members = one_promise
    assert judged(company, members).holds
    places = [(name, at) for name in sorted(members) for at in range(len(members[name]))]
    most = int(os.environ.get("UPHELD_MUTATIONS", "25"))
    chosen = random.Random(7).sample(places, most) if most else places
    for name, at in chosen:
        data = members[name]
        for mutated in (_flipped(data, at, 1), _flipped(data, at, 1 << (at % 7 + 1)), data[:at]):
            assert not judged(company, {**members, name: mutated}).holds, (name, at)


def _flipped(data: bytes, at: int, bit: int) -> bytes:
    return data[:at] + bytes([data[at] ^ bit]) + data[at + 1 :]


HOSTILE = [
    None,
    True,
    -1,
    0,
    2**53 - 1,
    "",
    "x",
    "\x1b[2J",
    "9999-12-31T23:59:59.999999Z",
    "0001-01-01T00:00:00.000000Z",
    "9" * 400,
    [],
    [[]],
    {},
    {"a": {}},
]


def nodes(said: Any) -> list[tuple[Any, Any]]:
    """Return every place in a JSON value, as its container and the key or index there."""
    places = list(said.items()) if isinstance(said, dict) else list(enumerate(said)) if isinstance(said, list) else []
    return [(said, key) for key, _ in places] + [place for _, inner in places for place in nodes(inner)]


def test_whatever_stands_where_in_its_files_nothing_crashes_and_nothing_holds(company, members):
    """A stranger's JSON, TOML and lines: as many values put in as many places as `UPHELD_MUTATIONS` says."""
    chance = random.Random(11)
    paths = [path for path in sorted(members) if path.endswith((".json", ".jsonl", ".toml", ".sql"))]
    for _ in range(4 * int(os.environ.get("UPHELD_MUTATIONS", "25")) or 20_000):
        path = chance.choice(paths)
        data = members[path]
        if path.endswith(".json"):
            said = json.loads(data)
            container, key = chance.choice(nodes(said))
            container[key] = chance.choice(HOSTILE)
            mutated = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
        else:
            pieces = data.split(b" ") if not path.endswith("l") else data.split(b'"')
            pieces[chance.randrange(len(pieces))] = json.dumps(chance.choice(HOSTILE)).encode()
            mutated = (b" " if not path.endswith("l") else b'"').join(pieces)
        if mutated != data:
            assert not judged(company, {**members, path: mutated}).holds, path
