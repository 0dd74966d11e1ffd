"""A worker that is killed while it writes: nothing of its look stays, and the next one finds all, once."""

import os
import signal
import subprocess
import sys
from datetime import date

from tests.world import account, person

from upheld import clock
from upheld.accounts.role import Role
from upheld.duties.models import Look, Occurrence
from upheld.duties.occurrences import materialise
from upheld.ledger.models import Outbox
from upheld.registers.governance.contacts import add_contact, enter_jurisdiction
from upheld.registers.governance.models import ContactKind
from upheld.workspace import Workspace

# What the worker's process does, and where it dies: after the rows were written, before they were kept.
KILLED = """
import os, signal, django
django.setup()
from upheld.duties import occurrences
from upheld.duties.models import Occurrence
from upheld import clock
def die(*_, **__):
    assert Occurrence.objects.count() == 3
    os.kill(os.getpid(), signal.SIGKILL)
occurrences.Occurrence.objects.bulk_update = die
occurrences.materialise(clock.now())
"""


def test_killed_in_the_middle(ledger: Workspace) -> None:
    lea = account("lea", Role.SECURITY_LEAD)
    germany = enter_jurisdiction(by=person(lea), code="de", title="Germany", from_on=date(2020, 1, 1))
    for title in ("Police", "Fire brigade", "Regulator"):
        add_contact(by=person(lea), kind=ContactKind.OTHER, title=title, how="call", holder="P-lea", jurisdiction=germany)
    entries = Outbox.objects.count()
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "upheld.settings", "UPHELD_WORKSPACE": str(ledger.root)}
    ended = subprocess.run([sys.executable, "-c", KILLED], env=environment, capture_output=True, check=False)
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()
    assert (Occurrence.objects.count(), Outbox.objects.count(), Look.objects.count()) == (0, entries, 0)
    assert materialise(clock.now()).opened == 3
    assert materialise(clock.now()).opened == 0
    assert (Occurrence.objects.count(), Outbox.objects.count()) == (3, entries + 1)
