"""What a verifier must refuse of a bundle, with its reason in words: changes by a stranger, and lies of the operator who holds the key."""

import json
import os
import random
from collections.abc import Callable
from typing import Any

import pytest
from tests.exports.given import NOW, ROLES, SIGNED, Company, by_the_operator, edited, judged, with_manifest
from tests.exports.lies import LIES, PEOPLE, Members, first

from upheld import clock
from upheld.exports.bundle.scope import About, Disclose
from upheld.ledger import sequencer
from upheld.ledger.keys import FileSigner


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_of_the_operator_is_refused_with_its_reason(shared_company, founded, lie):
    change, reason = LIES[lie]
    with clock.at(NOW):
        forged = by_the_operator(change(dict(founded.period)))
    found = judged(shared_company, forged)
    assert not found.holds
    assert any(reason in sentence for sentence in found.report.failed), found.report.failed


def test_an_instant_that_was_to_come_is_refused(company, one_promise):
    with clock.at(NOW):
        assert judged(company, by_the_operator(one_promise)).holds
        later = by_the_operator(edited(one_promise, "manifest.json", lambda said: said.update(as_of="2027-05-06T12:00:00.000000Z")))
    assert any("which was to come when it was made" in each for each in judged(company, later).report.failed)


def test_a_bundle_about_everything_leaves_out_no_document(shared_company):
    whole = shared_company.make(About.ALL, "", disclose=Disclose.NONE).members
    assert judged(shared_company, whole).report.failed == []

    def without_iso(said: Any) -> None:
        said["documents"].remove("iso")
        said["promises"] = [each for each in said["promises"] if not each["id"].startswith("iso:")]

    less = edited({path: data for path, data in whole.items() if path != "documents/iso.json"}, "promises.json", without_iso)
    with clock.at(NOW):
        found = judged(shared_company, by_the_operator(less))
    assert found.report.failed == ["the bundle is about everything, and leaves out the document 'iso', which was judged"]


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


@pytest.fixture(scope="module")
def approved(shared_company: Company) -> Members:
    """Return a bundle of a document that somebody approved, with the opening that says who."""
    from upheld.documents.models import Step
    from upheld.documents.publication import record

    with clock.at(NOW):
        record("mini", Step.APPROVED, by="1")
    return shared_company.make(as_of=NOW).members


def test_who_approved_a_document_is_disclosed_and_shown(shared_company, approved):
    found = judged(shared_company, approved)
    assert found.report.failed == []
    assert "1 personal values are those that entries commit to" in found.report.checked
    assert any("the text of mini is the one that was judged 2026-05-06, approved 2026-05-06" in line for line in found.report.checked)
    assert shared_company.make(as_of=NOW, disclose=Disclose.NONE).members["openings.jsonl"] == b""


@pytest.mark.parametrize("case", OPENINGS)
def test_an_opening_that_opens_nothing_is_refused(shared_company, approved, case):
    change, reason = OPENINGS[case]
    said = json.loads(approved["openings.jsonl"])
    change(said)
    line = json.dumps(said, sort_keys=True, separators=(",", ":")).encode() + b"\n"
    with clock.at(NOW):
        found = judged(shared_company, by_the_operator({**approved, "openings.jsonl": line}))
    assert any(reason in sentence for sentence in found.report.failed), found.report.failed


def test_no_flipped_bit_and_no_truncation_is_accepted_and_nothing_crashes(company, one_promise):
    """Two flipped bits at each byte, and a cut at each, of every member; as many of them as `UPHELD_MUTATIONS` says (0: all)."""
    members = one_promise
    assert judged(company, members).holds
    places = [(name, at) for name in sorted(members) for at in range(len(members[name]))]
    most = int(os.environ.get("UPHELD_MUTATIONS", "8"))
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
    for _ in range(4 * int(os.environ.get("UPHELD_MUTATIONS", "8")) or 20_000):
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
