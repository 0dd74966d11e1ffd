"""Whatever collections, mergers and erasures come in whatever order, every past instant is as a list in memory says."""

import os
import shutil
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test
from tests.evidence.made import DAY, MONDAY, Archive, account, seen

from upheld.evidence.forgetting import ended_before
from upheld.evidence.history import rows_at
from upheld.evidence.masking import counted
from upheld.evidence.recording import TableRecorded, too_many
from upheld.evidence.table import Row

SOURCES = st.sampled_from(["ldap", "crm"])
NUMBERS = st.integers(0, 34)
SOME = st.sets(NUMBERS, max_size=35)
NEARLY_ALL = st.sets(NUMBERS, max_size=4).map(lambda gone: set(range(35)) - gone)
VALUES = st.sampled_from(
    [
        {},
        {"enabled": True},
        {"enabled": False, "last_login_at": MONDAY + timedelta(microseconds=1)},
        {"last_login_lag": timedelta(days=14, microseconds=7)},
        {"display_name": "Zoë \x00\x1b ‮", "uid_number": -1},
    ]
)


class Version:
    """A row as one source showed it from one instant until another, in the naive model."""

    def __init__(self, source: str, row: dict, from_at: datetime) -> None:
        self.source, self.row, self.from_at = source, row, from_at
        self.until_at: datetime | None = None
        self.ended: str | None = None

    def end(self, at: datetime, why: str) -> None:
        self.until_at, self.ended = at, why

    def stands(self, at: datetime) -> bool:
        return self.from_at <= at and (self.until_at is None or at < self.until_at)


class AnyHistory(RuleBasedStateMachine):
    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp(dir=os.environ.get("PYTEST_DEBUG_TEMPROOT")))
        self.archive = Archive(self.folder)
        self.now = MONDAY
        self.versions: list[Version] = []
        self.masks = 0
        self.recorded: list[TableRecorded] = []

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            shutil.rmtree(self.folder)

    @rule(source=SOURCES, numbers=SOME | NEARLY_ALL, values=VALUES, odd=VALUES, complete=st.booleans(), accept=st.booleans(), deleted=SOME)
    def collect(self, source: str, numbers: set, values: dict, odd: dict, complete: bool, accept: bool, deleted: set) -> None:
        self.now += DAY
        rows = {number: account(number, **(odd if number % 7 == 0 else values)) for number in numbers}
        into = seen(rows.values(), self.now, source=source, cut_short="" if complete else "cut")
        into.deleted("accounts", [(f"a{number}",) for number in deleted])
        told = self.archive.record(into, accept_vanishing=frozenset({"accounts"} if accept else ())).tables["accounts"]
        self.recorded.append(told)
        self._expect(told, {row["id"]: into.seen["accounts"].rows[(row["id"],)] for row in rows.values()}, complete, accept, deleted)

    def _expect(self, told: TableRecorded, rows: dict, complete: bool, accept: bool, deleted: set) -> None:
        standing = {version.row["id"]: version for version in self.versions if version.source == told.source and not version.until_at}
        removed = {f"a{number}" for number in deleted} & set(standing) - set(rows)
        gone = set(standing) - set(rows) - removed
        quarantined = complete and not accept and too_many(len(gone), len(standing))
        assert told.quarantined is quarantined
        assert told.vanished == (0 if complete and not quarantined else len(gone))
        for id in removed:
            standing[id].end(self.now, "deleted")
        for id in gone if complete and not quarantined else ():
            standing[id].end(self.now, "vanished")
        for id, row in rows.items():
            if id in standing and standing[id].row == row:
                continue
            if id in standing:
                standing[id].end(self.now, "changed")
            self.versions.append(Version(told.source, row, self.now))

    @rule(source=SOURCES)
    def compact(self, source: str) -> None:
        old = [file for file in self.archive.files if file.source == source]
        if old:
            self.archive.replace(old, [self.archive.store.compact("accounts", source)])

    @rule(source=SOURCES, number=NUMBERS)
    def erase(self, source: str, number: int) -> None:
        erased = self.archive.store.erase("accounts", source, {"id": f"a{number}"})
        self.archive.replace(erased.replaced, erased.written)
        kept = [version for version in self.versions if (version.source, version.row["id"]) != (source, f"a{number}")]
        assert erased.versions == len(self.versions) - len(kept)
        self.versions = kept

    @rule(source=SOURCES, gone=SOME, named=SOME, live=st.booleans())
    def mask(self, source: str, gone: set, named: set, live: bool) -> None:
        theirs, names = {f"a{number}" for number in gone}, {f"a{number}" for number in named}
        before = [version for version in self.versions if version.source == source]

        def fate(row: Row, standing: bool) -> Row | None:
            if row["id"] in theirs and not standing:
                return None
            if row["id"] in names:
                return {**row, "id": f"erased-{self.masks}-{row['id']}"}
            return {**row, "display_name": "erased"} if row["id"] in theirs else row

        self.masks += 1
        old = [file for file in self.archive.files if file.source == source]
        planned = counted(old, fate, live=live)
        done = self.archive.store.mask("accounts", source, fate, live=live)
        if done.written:
            self.archive.replace(done.replaced, [done.written])
        kept = [version for version in before if version.row["id"] not in theirs or (live and version.until_at is None)]
        changed = [version for version in kept if version.row["id"] in theirs | names]
        for version in changed:
            version.row = dict(fate(version.row, True) or {})
        assert (done.erased, done.masked) == (len(before) - len(kept), len(changed)) == planned
        self.versions = [version for version in self.versions if version.source != source] + kept

    @precondition(lambda self: self.recorded)
    @rule(source=SOURCES, data=st.data())
    def forget(self, source: str, data: st.DataObject) -> None:
        at = data.draw(st.sampled_from([each.seen_at for each in self.recorded]))
        old = [file for file in self.archive.files if file.source == source]
        planned = ended_before(old, at)
        done = self.archive.store.forget("accounts", source, at)
        if done.written:
            self.archive.replace(done.replaced, [done.written])
        gone = [version for version in self.versions if version.source == source and version.until_at and version.until_at <= at]
        assert done.versions == len(gone) == planned
        self.versions = [version for version in self.versions if version not in gone]

    @precondition(lambda self: self.recorded)
    @rule(data=st.data())
    def ask(self, data: st.DataObject) -> None:
        at = data.draw(st.sampled_from([each.seen_at for each in self.recorded])) + data.draw(st.sampled_from([timedelta(0), DAY / 2]))
        connection = self.archive.loaded(at, history=["accounts"], columns={"accounts": ["id", "enabled", "last_login_lag"]})
        found = connection.execute("SELECT source, id, enabled, last_login_lag FROM accounts").fetchall()
        standing = [version for version in self.versions if version.stands(at)]
        assert sorted(map(repr, found)) == sorted(
            repr((v.source, v.row["id"], v.row["enabled"], v.row["last_login_lag"])) for v in standing
        )
        self._through_time(connection, at)
        for source in ("ldap", "crm"):
            files = [file for file in self.archive.files if file.source == source]
            rows = sorted(rows_at(files, "accounts", at), key=lambda row: row["id"])
            assert rows == sorted((v.row for v in standing if v.source == source), key=lambda row: row["id"])

    def _through_time(self, connection, at: datetime) -> None:
        found = connection.execute("SELECT source, id, enabled, seen_from_at, seen_until_at, ended FROM history.accounts").fetchall()
        expected = []
        for version in self.versions:
            if version.from_at <= at:
                over = version.until_at is not None and version.until_at <= at
                until = version.until_at.replace(tzinfo=None) if over else None
                about = (version.source, version.row["id"], version.row["enabled"], version.from_at.replace(tzinfo=None))
                expected.append((*about, until, version.ended if over else None))
        assert sorted(map(repr, found)) == sorted(map(repr, expected))

    @invariant()
    def every_digest_holds(self) -> None:
        for each in getattr(self, "recorded", ())[-3:]:
            self.archive.store.verify("accounts", each.source, each.seen_at, each.digest)

    @invariant()
    def nothing_is_left_over(self) -> None:
        if hasattr(self, "archive"):
            assert self.archive.store.orphans() == []
            assert self.archive.store.altered() == {}


def test_any_history_can_be_asked_again() -> None:
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large]
    run_state_machine_as_test(
        AnyHistory, settings=settings(max_examples=15, stateful_step_count=12, deadline=None, suppress_health_check=slow)
    )
