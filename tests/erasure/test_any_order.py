"""Whatever is appended, erased, held, rotated and restored in whatever order: roots stand, the erased are unreadable, others are not."""

import os
import shutil
import tempfile
from base64 import b64encode
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from upheld import clock
from upheld.erasure import holding
from upheld.erasure.perform import erase
from upheld.erasure.person import Unclear
from upheld.erasure.plan import Refused, plan
from upheld.erasure.reapplying import reapply
from upheld.ledger import openings, rotating, sequencer, signers, store, whole
from upheld.ledger.append import append
from upheld.ledger.entry import Actor
from upheld.ledger.openings import About, Naming
from upheld.vault import holds
from upheld.vault.keys import here
from upheld.workspace import Workspace

EXAMPLES = int(os.environ.get("UPHELD_ORDERS", "4"))
PEOPLE = [f"marker-person-{number}" for number in range(4)]
WHO = st.sampled_from(PEOPLE)


class AnyOrder(RuleBasedStateMachine):
    """A ledger with a key store, held against sets and lists."""

    template: Path

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp(dir=os.environ.get("PYTEST_DEBUG_TEMPROOT")))
        self.space = Workspace(self.folder / "workspace")
        self.space.create()
        shutil.copyfile(self.template, self.space.database)
        os.environ["UPHELD_WORKSPACE"] = str(self.space.root)
        connection.close()
        connection.settings_dict["NAME"] = str(self.space.database)
        sequencer.init("any.example/ledger/main/1")
        self.clear: list[tuple[str, str, set[str], str]] = []  # entry, field, whom it is about, value
        self.erased: set[str] = set()
        self.held: dict[str, str] = {}
        self.roots: dict[tuple[int, int], bytes] = {}
        self.kept: tuple | None = None
        self.shards = 1

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            connection.close()
            here().store.close()
            shutil.rmtree(self.folder)

    @rule(actor=WHO, subject=WHO, other=WHO)
    def append(self, actor: str, subject: str, other: str) -> None:
        with transaction.atomic():
            said = {"name": f"{subject} himself", "other": About(("person", other), f"of {other}"), "plain": "about nobody"}
            entry = append("thing.happened", body={}, actor=Actor("person", actor), subject=("person", subject), personal=said)
            text = f"{actor} met {other}"
            both = append("note.taken", body={}, personal={"note": Naming((("person", actor), ("person", other)), text)})
        self.clear += [(entry, "actor", {actor}, actor), (entry, "subject", {subject}, subject), (both, "note", {actor, other}, text)]
        self.clear += [(entry, "name", {subject}, f"{subject} himself"), (entry, "other", {other}, f"of {other}")]
        self.clear.append((entry, "plain", {subject}, "about nobody"))  # what is said of nobody else is the subject's
        self._sign()

    @rule(who=WHO)
    def erase(self, who: str) -> None:
        there = any(who in whom for _, _, whom, _ in self.clear) and who not in self.erased
        try:
            found = plan(who, here())
            erase(found, here(), basis="GDPR 17(1)(b)")
        except Unclear:
            assert not there
        except Refused:
            assert who in self.held
        else:
            assert who not in self.held
            self.erased.add(who)

    @rule(who=WHO)
    def hold(self, who: str) -> None:
        try:
            made = holding.hold(who, here(), reason="a case", until=clock.now() + timedelta(days=1))
        except Unclear:
            return
        self.held.setdefault(who, made.id)

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        who = data.draw(st.sampled_from(sorted(self.held)))
        for each in holds.on(here(), [("person", who)]):
            holding.release(each.id, here())
        del self.held[who]

    @rule()
    def rotate(self) -> None:
        here().destroy([])

    @rule()
    def rotate_the_logs_key(self) -> None:
        rotating.rotate("yearly")
        self._sign()

    @rule()
    def look_again(self) -> None:
        assert not reapply()

    @rule()
    def back_up(self) -> None:
        sequencer.sequence()
        connection.close()
        shutil.copyfile(self.space.database, self.folder / "backup.sqlite3")
        self.kept = (list(self.clear), dict(self.roots), self.shards)

    @precondition(lambda self: self.kept)
    @rule()
    def restore(self) -> None:
        sequencer.sequence()
        connection.close()
        for old in self.space.root.glob("upheld.sqlite3*"):
            old.unlink()
        shutil.copyfile(self.folder / "backup.sqlite3", self.space.database)
        self.clear, self.roots, shards = list(self.kept[0]), dict(self.kept[1]), self.kept[2]
        reapply(restored=True)
        if sequencer.status().wrong and shards == self.shards:
            self.shards += 1
            sequencer.new_shard("a backup was put back")
            self.kept = None

    def _sign(self) -> None:
        done = sequencer.sequence()
        log = store.current()
        assert log is not None
        self.roots[log.number, done.size] = done.root

    @invariant()
    def every_root_stands(self) -> None:
        logs = {log.number: log for log in store.all_logs()} if hasattr(self, "roots") else {}
        for (number, size), root in list(self.roots.items())[-3:] if logs else ():
            assert logs[number].root(size) == root

    @invariant()
    def who_was_erased_is_unreadable_and_others_are_not(self) -> None:
        for entry, field, whom, value in getattr(self, "clear", ()):
            found = openings.opened(entry).get(field)
            assert (found.value if found else None) == (None if whom & self.erased else value)
        if hasattr(self, "clear"):
            said = [str(one.value) for one in _everything()]
            assert not [text for text in said for who in self.erased if who in text]
            for who in PEOPLE:
                assert bool(openings.entries_naming("person", who)) <= (who not in self.erased)

    @invariant()
    def nobody_erased_is_in_any_byte_of_any_file(self) -> None:
        for who in getattr(self, "erased", ()):
            names = (who.encode(), who.encode("utf-16-le"), who.encode().hex().encode(), b64encode(who.encode())[:-4])
            planted = self.space.root / "planted"  # the control: what lies there is found
            planted.write_bytes(b"-" + names[1])
            files = [path for path in self.folder.glob("workspace*/**/*") if path.is_file()]
            assert [path for path in files for data in [path.read_bytes()] if any(name in data for name in names)] == [planted]
            planted.unlink()

    @precondition(lambda self: hasattr(self, "clear"))
    @rule()
    def verify(self) -> None:
        sequencer.sequence()
        assert [said for each in whole.verify(signers.policy) for said in each.failed] == []


def _everything() -> list[openings.Opened]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT entry, field, key, sealed FROM ledger_opening")
        rows = cursor.fetchall()
    found = [openings.unsealed(entry, field, key, bytes(sealed)) for entry, field, key, sealed in rows]
    return [one for one in found if one]


def test_any_order_of_doing_holds(workspace: Workspace, migrated: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    AnyOrder.template = migrated
    monkeypatch.setenv("UPHELD_WORKSPACE", str(workspace.root))
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large]
    run_state_machine_as_test(
        AnyOrder, settings=settings(max_examples=EXAMPLES, stateful_step_count=12, deadline=None, suppress_health_check=slow)
    )
