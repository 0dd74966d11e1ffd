"""A small company to hand verdicts out of: a list of people, two promises, and a measure that was broken for a day."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from upheld import clock
from upheld.exports.bundle.making import Asked, Made, make
from upheld.exports.bundle.proofs import Signed
from upheld.exports.bundle.scope import About, Scope
from upheld.exports.bundle.writing import write
from upheld.ledger import keys, policy, sequencer, store
from upheld.ledger.append import append
from upheld.ledger.policy import Policy
from upheld.ledger.verify import strict
from upheld.ledger.verify.bundle import bundle, command, logs
from upheld.ledger.verify.bundle.command import Verified
from upheld.ledger.verify.bundle.logs import Brought
from upheld.ledger.verify.bundle.reperform import reperform
from upheld.ledger.verify.layout import Unreadable
from upheld.sources import configured
from upheld.sources.collecting import collect
from upheld.sources.models import ConfiguredSource
from upheld.verdicts.checking import check
from upheld.workspace import Workspace

ORIGIN = "example.com/ledger/main/1"
FIRST = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
NOW = FIRST + 2 * DAY + timedelta(hours=1)
PERIOD = {"from_at": FIRST - DAY, "as_of": FIRST + 2 * DAY + timedelta(minutes=30)}
SIGNED, ROLES = "people/undertaking_signed", "people/role_known"

HEADER = "id,name,mail,role,kind,started_on,ended_on,confidentiality_signed_on\n"
ADA = "1,Ada Lovelace,ada@example.com,engineer,employee,2020-01-01,,2020-01-01\n"
BO = "2,Bo Diddley,bo@example.com,musician,employee,2021-01-01,,{}\n"
CY = "3,Čy Ünïcode,cy@example.com,,employee,2026-04-20,,2026-05-01\n"
UNSIGNED, WHOLE = HEADER + ADA + BO.format("") + CY, HEADER + ADA + BO.format("2026-05-05") + CY

MEASURES = {
    SIGNED: """/*---
title    = "Undertakings are signed"
promise  = "Everybody signs the confidentiality undertaking within the agreed time of the first day."
why      = "Who has not signed has promised nothing."
clauses  = ["ISO/IEC 27001:2022 A.6.6"]
kind     = "deadline"
severity = "high"
owner    = "people"
warn     = "7 days"
parameters = ["signing_time", "signing_kinds"]
---*/
-- $nothing: a name in a comment is none. 'Nor here: $nothing'
SELECT person.id AS subject, person.name AS label,
       CASE WHEN confidentiality_signed_on IS NOT NULL THEN true
            WHEN CAST(started_on AS TIMESTAMP) + $signing_time < $as_of THEN false ELSE NULL END AS ok,
       coalesce('signed on ' || CAST(confidentiality_signed_on AS TEXT), 'has not signed') AS detail,
       person.role AS role,
       CAST(NULL AS TIMESTAMP) AS flips_at
FROM people AS person
WHERE person.kind IN $signing_kinds
""",
    ROLES: """/*---
title    = "Roles are known"
promise  = "Everybody who works here has a role, as long as they work here."
why      = "Rights follow roles."
clauses  = ["ISO/IEC 27001:2022 A.5.18"]
kind     = "state"
severity = "low"
owner    = "people"
---*/
WITH seen AS (SELECT id, count(*) AS versions FROM history.people GROUP BY id)
SELECT who.person_id AS subject, who.name AS label,
       CASE WHEN who.role IS NOT NULL THEN true END AS ok,
       'seen in ' || CAST(seen.versions AS TEXT) || ' versions' AS detail
FROM engagements AS who JOIN seen ON seen.id = who.id
WHERE who.current
""",
}
PARAMETERS = """[signing_time]
meaning = "how long after the first day somebody may take"
type = "duration"
default = "1 month"
at_most = "2 months"

[signing_kinds]
meaning = "who signs"
type = "list"
default = ["employee", "intern"]
includes = ["employee"]
"""
DOCUMENT = f"""id = "mini"
title = "A small promise"

[[sections]]
number = "1"
title = "People"

[[promises]]
id = "mini:1"
section = "1"
chapter = "people"
text = "Everybody signs, and has a role."
clauses = ["ISO/IEC 27001:2022 A.6.6"]
measures = ["{SIGNED}", "{ROLES}"]

[[promises]]
id = "mini:2"
section = "1"
chapter = "people"
text = "Everybody signs."
clauses = ["ISO/IEC 27001:2022 A.6.6"]
measures = ["{SIGNED}"]
"""


@dataclass(frozen=True)
class Company:
    """The company's workspace, with a ledger; its list of people lies in `people`."""

    workspace: Workspace

    @property
    def people(self) -> Path:
        """The list."""
        return self.workspace.root.parent / "people.csv"

    @property
    def policy(self) -> Policy:
        """Trust in its logs' keys, by its own word: tests stand for an auditor who had them from elsewhere."""
        return policy.trusting([sequencer.verification_key(log) for log in store.all_logs()])

    def day(self, at: datetime, people: str) -> None:
        """Let the list say `people`, read it at `at`, and judge."""
        self.people.write_text(people, encoding="utf-8")
        with clock.at(at):
            for source in ConfiguredSource.objects.all():
                collect(source)
        with clock.at(at + timedelta(minutes=1)):
            check(clock.now())
            sequencer.sequence()

    def make(self, about: About = About.DOCUMENT, name: str = "mini", **how: object) -> Made:
        """Make a bundle, two days and a bit after the first."""
        times = {each: how.pop(each) for each in ("as_of", "from_at") if each in how}
        with clock.at(max(NOW, times.get("as_of", NOW))):
            return make(Asked(Scope(about, name, **times), **how))  # type: ignore[arg-type]

    def zip(self, path: Path, *about: object, **how: object) -> Path:
        """Make a bundle as a zip file."""
        write(self.make(*about, **how).members, path)  # type: ignore[arg-type]
        return path

    def verify(self, path: Path, *held: bytes, reperform: bool = False) -> Verified:
        """Verify the bundle at `path`."""
        return command.verify(path, Brought(self.policy, held), reperform=reperform)


def found(space: Workspace) -> Company:
    """Make the company in the empty workspace `space`: on the first day somebody has not signed, on the second everybody has."""
    sequencer.init(ORIGIN)
    (space.documents / "mini.toml").write_text(DOCUMENT, encoding="utf-8")
    (space.measures / "people").mkdir(parents=True)
    for name, text in MEASURES.items():
        (space.measures / f"{name}.sql").write_text(text, encoding="utf-8")
    (space.measures / "people" / "parameters.toml").write_text(PARAMETERS, encoding="utf-8")
    company = Company(space)
    company.people.write_text(UNSIGNED, encoding="utf-8")
    with clock.at(FIRST - timedelta(hours=1)):
        configured.add("hr", "people", {"file": str(company.people)})
    company.day(FIRST, UNSIGNED)
    company.day(FIRST + DAY, WHOLE)
    company.day(FIRST + 2 * DAY, WHOLE)
    return company


def copied(space: Workspace, to: Workspace) -> Company:
    """Return a copy of a company in another place, which Django uses from then on."""
    shutil.copytree(space.root, to.root, dirs_exist_ok=True)
    shutil.copytree(space.keys, to.keys, dirs_exist_ok=True)
    shutil.copyfile(space.root.parent / "people.csv", to.root.parent / "people.csv")
    point_at(to.database)
    company = Company(to)
    ConfiguredSource.objects.filter(name="hr").update(settings={"file": str(company.people)})
    return company


def point_at(path: Path) -> None:
    """Let Django use the database at `path`."""
    connection.close()
    connection.settings_dict["NAME"] = str(path)


class InMemory:
    """The members of a bundle, as a verifier reads them."""

    def __init__(self, members: dict[str, bytes]) -> None:
        self.members = members

    def names(self) -> list[str]:
        """Return every member's path."""
        return sorted(self.members)

    def read(self, name: str, limit: int) -> bytes:
        """Return a member's bytes."""
        found = self.members.get(name)
        if found is None or len(found) > limit:
            raise Unreadable(f"{name} is missing or too long")
        return found


def judged(company: Company, members: dict[str, bytes], *held: bytes, again: bool = False) -> Verified:
    """Verify `members`, and judge again if asked to."""
    report, found = bundle.verify(InMemory(members), Brought(company.policy, held, verify_signature=keys.verify_signature))
    return Verified(report, reperform(found) if again and found is not None else None)


def with_manifest(members: dict[str, bytes]) -> dict[str, bytes]:
    """Return `members` with a manifest that names them as they are: what somebody does who has no key."""
    said = json.loads(members["manifest.json"])
    kept = [path for path in sorted(members) if path != "manifest.json" and not logs.belongs(path, len(said["logs"]))]
    said["members"] = [{"path": path, "sha256": sha256(members[path]).hexdigest(), "size": len(members[path])} for path in kept]
    return {**members, "manifest.json": strict.write(said)}


def by_the_operator(members: dict[str, bytes], manifest: bytes | None = None) -> dict[str, bytes]:
    """Return `members` with a manifest, an entry of the ledger and fresh proofs: what somebody does who has the key, and lies.

    The manifest names them as they are; or it is `manifest`, to the byte.
    """
    made = with_manifest(members) if manifest is None else {**members, "manifest.json": manifest}
    digest = sha256(made["manifest.json"]).hexdigest()
    with transaction.atomic():
        said = json.loads(made["manifest.json"]) if manifest is None else {}
        again = {name: said[name] for name in ("about", "name", "disclose") if name in said}
        entry_id = append("bundle.made", body={"manifest": digest, **again}, subject=("export", digest[:16]))
    sequencer.sequence()
    log = store.current()
    assert log is not None
    indexes = [int(path.rpartition("/")[2].partition(".")[0]) for path in made if path.startswith("log-1/entries/")]
    rest = {path: data for path, data in made.items() if not logs.belongs(path, 1) or path.startswith("log-1/run")}
    first = json.loads(made["log-1/run.json"])["first"] if "log-1/run.json" in made else 0
    run = range(first, first + made["log-1/run.jsonl"].count(b"\n")) if "log-1/run.json" in made else None
    return {**rest, **dict(Signed.of(log).members(1, [*indexes, log.index_of(entry_id)], [], run))}


def edited(members: dict[str, bytes], path: str, change: Callable[[Any], None]) -> dict[str, bytes]:
    """Return `members` with the JSON at `path` changed."""
    said = json.loads(members[path])
    change(said)
    return {**members, path: strict.write(said)}
