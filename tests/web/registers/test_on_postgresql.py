"""Actions, lists, scope, search and crossing edits on a real PostgreSQL: the same as on SQLite, also by several at once."""

import subprocess
import sys
from pathlib import Path

import pytest
from tests.ledger.test_postgresql import server  # noqa: F401  the fixture of a PostgreSQL of our own

from upheld.workspace import Workspace

pytestmark = pytest.mark.lab

SCENARIO = """
import threading
from datetime import date
import django
django.setup()
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext, setup_test_environment
from tests.world import account, browser, person, world
from upheld.accounts.role import Role
from upheld.actions.asking import ask
from upheld.actions.declaring import declared
from upheld.actions.errors import Crossed
from upheld.actions.models import Step
from upheld.evidence.collection import Collecting
from upheld.ledger import reading, sequencer, store, tables
from upheld.registers.governance.contacts import add_contact, enter_jurisdiction
from upheld.registers.governance.models import Contact, ContactKind
from upheld.registers.authorization.review_models import AccessReview, ReviewItem
from upheld.registers.inserting import insert
from upheld.registers.source import REGISTERS
from upheld import clock

setup_test_environment()
assert tables.make()
sequencer.init("example.com/ledger/main/1")
people, lea = world(), account("lea", Role.SECURITY_LEAD)
by = person(lea)
place = enter_jurisdiction(by=by, code="de", title="Germany", from_on=date(2020, 1, 1))
for title, holder in (("Police of Nordhaven", "P-alice"), ("Fire brigade", "P-eve"), ("POLICE of Lisbrook", "P-eve")):
    add_contact(by=by, kind=ContactKind.OTHER, title=title, how="110", holder=holder, jurisdiction=place)

def told(who, path):
    answer = browser(who).get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.content.decode()

listed = told(lea, "/registers/governance/contact/?q=police")
assert "Nordhaven" in listed and "Lisbrook" in listed and "Fire" not in listed
hers = told(people.alice, "/registers/governance/contact/")
assert "Lisbrook" not in hers and "Nordhaven" in hers
assert browser(people.charlie).get("/registers/governance/contact/1/").status_code == 403
found = told(lea, "/search/?q=police+NORDHAVEN")
assert "Police of Nordhaven" in found and "Lisbrook" not in found
assert "Nothing that you may see" in told(lea, "/search/?q=%25%25")
assert "Lisbrook" not in told(people.alice, "/search/?q=police")
for path in ("/", "/mine/", "/registers/", "/registers/governance/contact/1/", "/act/governance.change-contact/?record=1", "/coverage/"):
    told(lea, path)
client = browser(lea)
with CaptureQueriesContext(connection) as queries:
    client.get("/registers/governance/contact/")
assert len(queries) <= 15, len(queries)

# Two edits of what both saw in version 1: one is done, the other is told what changed.
came = []
def edit(title):
    given = {"title": title, "how": "112", "holder": "P-eve", "jurisdiction": place.pk}
    try:
        came.append(ask(declared()["governance.change-contact"], given, by=by, number=2, seen=1).record)
    except Crossed as crossed:
        came.append(crossed)
    connection.close()

edits = [threading.Thread(target=edit, args=(f"Fire {number}",)) for number in range(4)]
for each in edits:
    each.start()
for each in edits:
    each.join()
assert sorted(type(each).__name__ for each in came) == ["Crossed", "Crossed", "Crossed", "str"], came
assert Contact.objects.get(pk=2).version == 2 and Step.objects.filter(register="governance.contact", record="2").count() == 2

# One key, asked for by several at once: done once.
answers = []
def once():
    given = {"code": "fr", "title": "France", "from_on": "2020-01-01"}
    answers.append(ask(declared()["governance.enter-jurisdiction"], given, by=by, key="k").record)
    connection.close()

same = [threading.Thread(target=once) for _ in range(4)]
for each in same:
    each.start()
for each in same:
    each.join()
assert answers == ["governance.jurisdiction/2"] * 4, answers

into = Collecting("registers", REGISTERS.tables, clock.now())
REGISTERS.connect({}).collect(into)
altered = [row for row in into.seen["register_states"].rows.values() if not row["as_recorded"]]
assert not altered, altered
Contact.objects.filter(pk=3).update(title="Nobody")
into = Collecting("registers", REGISTERS.tables, clock.now())
REGISTERS.connect({}).collect(into)
assert [row["title"] for row in into.seen["register_states"].rows.values() if not row["as_recorded"]] == ["Contacts", "Contact 3"]
# Rows by the thousand, written at once by a role that owns nothing, are what Django would have written.
said = {"title": "All", "kind": "owner", "due_on": date(2026, 1, 1), "opened_by": "lea", "size": 3000, "digest": "x"}
review = AccessReview.objects.create(opened_at=clock.now(), **said)
said = {"reviewer": "lea", "told_by": "crm", "system": "crm", "risk": "low", "unchanged": False, "last_used_at": clock.now()}
said |= {"review": review, "account_name": "Zoë'; --"}
items = [ReviewItem(number=number, account=f"a%s{number}", flags=["new"] * (number % 2), **said) for number in range(1, 3001)]
for item in items:
    item.digest = item.sealed()
with connection.cursor() as cursor:
    cursor.execute("CREATE ROLE clerk; GRANT USAGE ON SCHEMA public TO clerk; GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA public TO clerk")
    cursor.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO clerk; SET ROLE clerk")
    assert insert(items, ReviewItem) == 3000
    try:
        with transaction.atomic():
            insert([ReviewItem(number=3001, account="b", **said), items[0]], ReviewItem)
    except IntegrityError:
        pass
    cursor.execute("RESET ROLE")
kept = list(ReviewItem.objects.order_by("number"))
assert len(kept) == 3000 and all(item.is_as_frozen for item in kept) and kept[1].flags == [] and kept[0].account == "a%s1"

sequencer.sequence()
log = store.current()
assert reading.verify(log, sequencer.verification_key(log)).holds
connection.close()
print("all held")
"""


def test_registers_hold_on_postgresql(server: dict[str, str], tmp_path: Path) -> None:  # noqa: F811
    space = Workspace(tmp_path / "workspace")
    space.create()
    environment = {"DJANGO_SETTINGS_MODULE": "upheld.settings", "UPHELD_WORKSPACE": str(space.root), "PATH": "", **server}
    root = Path(__file__).parents[3]
    done = subprocess.run([sys.executable, "-c", SCENARIO], env=environment, cwd=root, capture_output=True, text=True, timeout=180)
    assert done.stdout.strip().endswith("all held"), done.stderr
