"""The same erasure on a real PostgreSQL: openings, texts and keys go, tables are written anew, and the receipt says what is kept there."""

import subprocess
import sys
from pathlib import Path

import pytest
from tests.ledger.test_postgresql import server  # noqa: F401  the fixture of a PostgreSQL of our own

from upheld.workspace import Workspace

pytestmark = pytest.mark.lab

SCENARIO = """
import json
import django
django.setup()
from django.db import connection, transaction
from upheld.erasure.perform import erase
from upheld.erasure.plan import plan
from upheld.erasure.reapplying import reapply
from upheld.ledger import openings, reading, sequencer, tables
from upheld.ledger.append import append
from upheld.ledger.entry import Actor
from upheld.ledger.openings import Naming
from upheld.vault.keys import here
from upheld.verdicts.models import Finding

assert tables.make()
sequencer.init("example.com/ledger/main/1")
RITA, BOB = ("person", "P-1042X"), ("person", "P-2")
with transaction.atomic():
    hers = append("account.made", subject=RITA, body={}, personal={"mail": "rita@acme.example"})
    bobs = append("account.made", subject=BOB, body={}, actor=Actor(*RITA, "web"), personal={"mail": "bob@acme.example"})
    both = append("note.taken", body={}, personal={"note": Naming((RITA, BOB), "P-1042X told P-2")})
    Finding.objects.create(measure="a/b", subject="person/P-1042X", label="P-1042X on crm", detail="P-1042X is still enabled",
                           first_seen_at="2026-05-04T08:00Z", last_seen_at="2026-05-04T08:00Z")
sequencer.sequence()
log = sequencer.current()
size, root = log.size(), log.root(log.size())
told = json.loads(erase(plan("P-1042X", here()), here(), basis="GDPR 17(1)(b)").split("\\n\\n")[0].split("\\n", 1)[1])
assert told["complete"] is True, told
assert any("write-ahead log" in said for each in told["checks"] for said in each["said"])
assert log.root(size) == root
assert openings.opened(hers) == {} and openings.opened(both) == {}
assert openings.opened(bobs).keys() == {"subject", "mail"}
assert reading.verify(log, sequencer.verification_key(log)).holds
(found,) = Finding.objects.values_list("subject", "label", "detail")
assert "P-1042X" not in str(found), found
assert not reapply()
connection.close()
print("all held")
"""


def test_erasing_holds_on_postgresql(server: dict[str, str], tmp_path: Path) -> None:  # noqa: F811
    space = Workspace(tmp_path / "workspace")
    space.create()
    environment = {"DJANGO_SETTINGS_MODULE": "upheld.settings", "UPHELD_WORKSPACE": str(space.root), "PATH": "", **server}
    done = subprocess.run([sys.executable, "-c", SCENARIO], env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stdout, done.stderr[-2000:]) == (0, "all held\n", "")
