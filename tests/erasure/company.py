"""A small company on real lists, whose directory has Rita and Bob in it; what each test of erasure begins with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
from django.db import connection, transaction

from upheld import clock
from upheld.checks import library
from upheld.checks.judge import judge
from upheld.checks.verdict import Verdict
from upheld.erasure import receipt
from upheld.erasure.perform import erase
from upheld.erasure.plan import plan
from upheld.ledger import sequencer
from upheld.ledger.append import append
from upheld.ledger.entry import Actor
from upheld.ledger.openings import About, Naming
from upheld.sources import configured
from upheld.sources.collecting import collect
from upheld.sources.frames import files, frame
from upheld.vault.keys import here
from upheld.verdicts.keeping import keep
from upheld.verdicts.measures import measures_of
from upheld.workspace import Workspace

MONDAY = datetime(2026, 5, 4, 8, tzinfo=UTC)
DAY = timedelta(days=1)
WEDNESDAY = MONDAY + 2 * DAY
MEASURE = "authorization/leavers_removed"

# Everything by which Rita could be told; no part of it is in anybody else's data, or in the product.
MARKERS = ("rita.markerquill@acme.example", "Rita Markerquill", "P-1042X", "ritamarkerq", "adm-ritamarkerq")
RITA, BOB = ("person", "P-1042X"), ("person", "P-2")

LISTS = {
    "people": "id,name,mail,user_name,kind,role,manager_id,ended_on,started_on\n"
    "P-1042X,Rita Markerquill,rita.markerquill@acme.example,ritamarkerq,employee,Buyer,P-2,{ended},2020-01-01\n"
    "P-2,Bob Steady,bob.steady@acme.example,bsteady,employee,Head,P-1042X,,2019-01-01\n",
    "accounts": "id,system_id,user_name,identifier,kind,person_ref,display_name,mail,enabled,can_sign_in\n"
    "crm/17,crm,ritamarkerq,ritamarkerq,person,P-1042X,Rita Markerquill,rita.markerquill@acme.example,{enabled},true\n"
    "crm/adm-ritamarkerq,crm,adm-ritamarkerq,adm-ritamarkerq,admin,P-1042X,R. M.,,true,true\n"
    "crm/18,crm,bsteady,bsteady,person,P-2,Bob Steady,bob.steady@acme.example,true,true\n"
    "crm/svc,crm,svc-mail,svc-mail,service,,Mailer,,true,true\n",
    "grants": "id,system_id,holder_kind,holder_id,entitlement,granted_by\n"
    "crm/adm-ritamarkerq>admins,crm,account,crm/adm-ritamarkerq,admins,bsteady\n"
    "crm/18>users,crm,account,crm/18,users,ritamarkerq\n",
    "sign_ins": "id,system_id,identifier,at,succeeded,from_address\n"
    "s1,crm,ritamarkerq,2026-05-03T10:00:00Z,true,10.1.2.3\ns2,crm,bsteady,2026-05-03T11:00:00Z,true,10.1.2.4\n",
    "groups": "id,system_id,name,entitlement,owner_ref\n"
    "users,crm,users,users,rita.markerquill@acme.example\nadmins,crm,admins,admins,P-2\n",
    "systems": "id,name,owner_id,in_operation\ncrm,CRM,P-1042X,true\nerp,ERP of Rita Markerquill,P-2,true\n",
}


@dataclass
class Company:
    """The workspace, and the folder of lists that its sources read."""

    space: Workspace
    folder: Path

    def write(self, name: str, text: str) -> None:
        """Write the list `name`, as somebody would edit it."""
        (self.folder / f"{name}.csv").write_text(text, encoding="utf-8")

    def collect(self, at: datetime) -> None:
        """Read every list."""
        with clock.at(at):
            for source in configured.in_use():
                collect(source)
            sequencer.sequence()

    def judge(self, at: datetime) -> Verdict:
        """Judge one measure, with its population, and keep what came of it."""
        measure = measures_of(self.space)[0][MEASURE]
        folder = self.space.outcomes / at.strftime("%Y%m%dT%H%M%S%fZ")
        with clock.at(at):
            parameters = library.parameters_in_force(self.space.measures, None)
            (verdict,) = judge([measure], frame(at), parameters, {}, outcomes=folder)
            file = folder / f"{MEASURE}.parquet"
            (folder / "kept.json").write_text(repr(verdict.failing))  # as a round of all measures keeps it
            keep([verdict], at, {MEASURE: str(file.relative_to(self.space.root))} if file.is_file() else {})
            sequencer.sequence()
        return verdict

    def enter(self) -> list[str]:
        """Enter what people did and what was said of them, and return the entries' ids: three about Rita, one text of both, two on Bob."""
        mail = "rita.markerquill@acme.example"
        with transaction.atomic():
            ids = [
                append("account.made", subject=RITA, body={}, personal={"mail": mail, "address": {"street": "Markerlane 7"}}),
                append("policy.read", subject=("policy", "p1"), body={}, actor=Actor(*RITA, "web")),
                append("request.made", subject=("record", "r1"), body={}, personal={"who": About(RITA, "Rita Markerquill")}),
                append("note.taken", body={}, personal={"note": Naming((RITA, BOB), "Rita Markerquill told Bob Steady of it")}),
                append("account.made", subject=BOB, body={}, personal={"mail": "bob.steady@acme.example"}),
                append("note.taken", body={}, personal={"note": f"write to {mail} first", "other": "nothing of the kind"}),
            ]
        sequencer.sequence()
        return ids

    def entries(self) -> list[bytes]:
        """Return every entry of the log that is written to."""
        log = sequencer.current()
        return list(log.entries(0, log.size()))

    def rows(self, name: str, columns: str = "*") -> list[tuple]:
        """Return what the files of table `name` hold, every version."""
        paths = [str(file.path) for file in files(table_name=name)]
        with duckdb.connect() as asked:
            found = asked.execute(f"SELECT {columns} FROM read_parquet($1, union_by_name = true) WHERE _leaf IS NULL ORDER BY ALL", [paths])
            return found.fetchall()

    def shown(self, name: str, columns: str, at: datetime) -> list[tuple]:
        """Return the table `name` as measures see it."""
        with duckdb.connect() as asked:
            frame(at).load(asked, [name])
            return asked.execute(f"SELECT {columns} FROM {name} ORDER BY ALL").fetchall()


def founded(space: Workspace, folder: Path) -> Company:
    """Return the company, collected on Monday and Tuesday and judged: Rita left, and an account of hers is still enabled."""
    folder.mkdir()
    company = Company(space, folder)
    sequencer.init("acme.example/ledger/main/1")
    for name, text in LISTS.items():
        company.write(name, text.format(ended="", enabled="true"))
        with clock.at(MONDAY - DAY):
            kind, more = ("people", {}) if name == "people" else ("list", {"table": name})
            configured.add(f"list-{name.replace('_', '-')}", kind, {"file": str(folder / f"{name}.csv"), **more})
    company.collect(MONDAY)
    for name in ("people", "accounts"):
        company.write(name, LISTS[name].format(ended="2026-04-01", enabled="false"))
    company.collect(MONDAY + DAY)
    company.judge(MONDAY + DAY + timedelta(hours=1))
    return company


def markers_in(folders: Sequence[Path], markers: Sequence[str] = MARKERS) -> list[str]:
    """Return each file below `folders` that holds one of `markers`: in its bytes, or in its values where it is Parquet."""
    found = []
    for file in sorted(file for folder in folders for file in folder.rglob("*") if file.is_file()):
        said = file.read_bytes()
        if file.suffix == ".parquet":
            with duckdb.connect() as asked:
                said += repr(asked.execute("SELECT * FROM read_parquet($1)", [str(file)]).fetchall()).encode()
        lowered = said.lower()
        found += [f"{file.name}: {marker}" for marker in markers if marker.lower().encode() in lowered]
    return found


def everywhere(company: Company) -> list[str]:
    """Return each file of the workspace and its key directory that tells of Rita, the write-ahead log among them."""
    connection.close()
    return markers_in([company.space.root, company.space.keys])


def forget_rita(at=WEDNESDAY, *, with_files: bool = False, who: str = "P-1042X", **options) -> dict:
    """Erase Rita, or `who` it is, and return the facts of the receipt."""
    with clock.at(at):
        text = erase(plan(who, here(), with_files=with_files), here(), basis="GDPR 17(1)(b)", **options)
    return receipt.verified(text, [sequencer.verification_key(sequencer.current())])
