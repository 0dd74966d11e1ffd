"""Lies that an operator who holds the key could put into a bundle, each with what the verifier says of it."""

import json
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from tests.exports.given import ROLES, SIGNED, edited

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


def terms(members: Members, old: bytes, new: bytes) -> Members:
    path = max(path for path in members if path.startswith("terms/"))
    return text(path, old, new)(members)


def floor_and_terms(members: Members) -> Members:
    """Loosen a floor, and put its digest right in every list of terms."""
    path = "parameters/people.toml"
    old = members[path]
    new = old.replace(b'at_most = "2 months"', b'at_most = "9 months"')
    was, now = (sha256(data).hexdigest().encode() for data in (old, new))
    listed = {name: data.replace(was, now) for name, data in members.items() if name.startswith("terms/")}
    return {**members, **listed, path: new}


def document_too(change: Callable[[Any], None], *paths: str) -> Callable[[Members], Members]:
    """Change the first promise, in its document and wherever else it is told."""

    def changed(members: Members) -> Members:
        for path in ("promises.json", "documents/mini.json", *paths):
            members = edited(members, path, lambda said: change(said["promises"][0]))
        return members

    return changed


def without_measure(members: Members) -> Members:
    """Leave out the verdict of one measure: its promise stays unproven, which it is without it."""
    left = {path: data for path, data in members.items() if ROLES not in path}
    return edited(left, "manifest.json", lambda said: said["measures"].remove(ROLES))


def on_less(said: Any) -> None:
    said["measures"] = [SIGNED]
    if "state" in said:
        said["state"] = "upheld"


def interval(**said: Any) -> Callable[[Members], Members]:
    return lambda members: edited(members, f"verdicts/{SIGNED}.json", lambda told: told["intervals"][-1].update(said))


def manifest(**said: Any) -> Callable[[Members], Members]:
    return lambda members: edited(members, "manifest.json", lambda told: told.update(said))


def reading(**said: Any) -> Callable[[Members], Members]:
    return lambda members: edited(members, "evidence.json", lambda told: told["rows"][0]["read"][1].update(said))


def another_reading(members: Members) -> Members:
    """Say of a reading that the entry of the one after it was its own."""
    after = json.loads(members["evidence.json"])["rows"][0]["read"][2]["entry"]
    return reading(entry=after)(members)


def more(path: str, data: bytes = b"x") -> Callable[[Members], Members]:
    return lambda members: {**members, path: data}


LIES: dict[str, tuple[Callable[[Members], Members], str]] = {
    "a floor is loosened": (
        text("parameters/people.toml", b'at_most = "2 months"', b'at_most = "9 months"'),
        "parameters/people.toml is not what it was held to then",
    ),
    "a floor is loosened, and its digest put right": (floor_and_terms, "a floor, a contract or an end was changed"),
    "a table speaks longer": (
        text("tables/people.toml", b"fresh_for_hours = 50", b"fresh_for_hours = 5000"),
        "tables/people.toml is not what it was held to then",
    ),
    "an exception is invented": (
        first(SIGNED, lambda said: said["exceptions"].append({"subject": "2", "until": "2027-01-01T00:00:00.000000Z"})),
        "other exceptions ran then than it says, or until another day",
    ),
    "a term is left out": (lambda m: terms(m, b'"tables.people":', b'"tables.peopla":'), "a floor, a contract or an end was changed"),
    "the terms are left out": (
        lambda m: {path: data for path, data in m.items() if not path.startswith("terms/")},
        "terms/",
    ),
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
    "a promise says less, in its document too": (
        document_too(lambda said: said.update(text="Everybody signs.")),
        "the text of mini is not the one that was judged on 2026-05-06",
    ),
    "a promise rests on less, in its document too": (document_too(on_less), "the text of mini is not the one that was judged"),
    "a promise has another label": (
        lambda m: edited(m, "promises.json", lambda said: said["promises"][0].update(label="SOC 2 CC6.1")),
        "is not what its document promises",
    ),
    "a promise meets other clauses": (
        lambda m: edited(m, "promises.json", lambda said: said["promises"][0].update(clauses=["SOC 2 CC6.1"])),
        "is not what its document promises",
    ),
    "a promise says more than its document": (
        lambda m: edited(m, "promises.json", lambda said: said["promises"][0].update(note="Certified.")),
        "is not what its document promises",
    ),
    "a measure of a promise is left out": (without_measure, "leaves out 'people/role_known', which was judged"),
    "it is about a document that there is not": (
        lambda m: edited(m, "manifest.json", lambda said: said.update(about="document", name="mini:1")),
        "promises.json leaves out 'document mini:1'",
    ),
    "the readme says upheld": (
        text("README.md", f"unproven: `{ROLES}`".encode(), f"upheld: `{ROLES}`".encode()),
        "README.md does not say of each measure what its verdict is",
    ),
    "the readme says another thing altogether": (more("README.md", b"# All is well\n"), "README.md does not say of each measure"),
    "a verdict has another title": (
        lambda m: edited(m, f"verdicts/{SIGNED}.json", lambda said: said.update(title="All is well")),
        "its title or its sentence is not what its measure's file says",
    ),
    "a verdict promises something else": (
        lambda m: edited(m, f"verdicts/{SIGNED}.json", lambda said: said.update(promise="Nobody signs.")),
        "its title or its sentence is not what its measure's file says",
    ),
    "a verdict has a note": (
        lambda m: edited(m, f"verdicts/{SIGNED}.json", lambda said: said.update(note="x")),
        "says 'note', which none does",
    ),
    "a judgement has a note": (last(SIGNED, lambda said: said.update(note="x")), "says 'note', which none does"),
    "the last interval ended": (interval(until="2026-05-06T12:01:00.000000Z"), "and no entry says so"),
    "it is as of before it was judged": (manifest(as_of="2026-05-06T12:00:30.000000Z"), "and what it says was judged after that"),
    "it was judged later": (manifest(judged="2026-05-06T12:20:00.000000Z"), "has no proof that anything was judged as of"),
    "it was judged earlier": (manifest(judged="2026-05-05T12:01:00.000000Z"), "said to tell the last judgement, of 2026-05-05"),
    "it discloses nothing": (manifest(disclose="none"), "its rows of people from hr do not"),
    "it masks": (manifest(disclose="masked"), "it names who did not pass"),
    "it is about something else": (manifest(about="the best company", name=""), "there are no bundles about 'the best company'"),
    "a manifest has a note": (manifest(note="x"), "says 'note', which none does"),
    "a reading has another's entry": (another_reading, "are not in the order of their entries"),
    "a history is said to be none": (
        lambda m: edited(m, "evidence.json", lambda said: said["rows"][0].update(through_time=False)),
        "reads the history of people, and not all of it from hr is here",
    ),
    "a program of the maker's": (more("verify.py", b"print('Everything checked holds.')"), "'verify.py' is nothing that a bundle has"),
    "rows of a source that nobody read": (more("rows/people/zzz.jsonl", b""), "'rows/people/zzz.jsonl' is nothing that a bundle has"),
    "a time stamp of nothing": (more("anchors/log-1/3.tsr"), "'anchors/log-1/3.tsr' is nothing that a bundle has"),
    "terms of nothing": (more("terms/x.json"), "'terms/x.json' is nothing that a bundle has"),
    "a query that did not run": (more("queries/people/role_known/x.sql"), "is nothing that a bundle has"),
    "another query is said to have run": (
        last(SIGNED, lambda said: said.update(ran=f"measures/{SIGNED}.sql")),
        "is said to be another file's",
    ),
    "who failed is said to be excepted": (
        first(SIGNED, lambda said: said["subjects"][0].update(excepted=True)),
        "somebody is said to be excepted without an exception",
    ),
    "a judgement is said to be lacking": (
        last(SIGNED, lambda said: said.update(lacking="The system was replaced.")),
        "it is said that it cannot be shown, and shown it is all the same",
    ),
    "the keys of another log are named": (
        lambda m: edited(m, "trust.json", lambda said: said["keys"][0].update(origin="example.com/ledger/main/9")),
        "which you do not trust",
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
