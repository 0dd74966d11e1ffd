"""The Trust Center of the 141 promises of both founding documents, judged weekly for a year: processor time and bytes.

python -m benchmarks.trust_center
"""

import os
import random
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

folder = Path(tempfile.mkdtemp(prefix="upheld-benchmark-"))
os.environ["UPHELD_WORKSPACE"] = str(folder / "workspace")
os.environ["DJANGO_SETTINGS_MODULE"] = "upheld.settings"

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402

from upheld import clock, workspace  # noqa: E402
from upheld.accounts import giving  # noqa: E402
from upheld.accounts.person import person_of  # noqa: E402
from upheld.accounts.role import Role  # noqa: E402
from upheld.checks.verdict import State, Verdict  # noqa: E402
from upheld.documents.models import Step  # noqa: E402
from upheld.documents.publication import documents, record  # noqa: E402
from upheld.ledger import sequencer  # noqa: E402
from upheld.ledger.entry import SYSTEM  # noqa: E402
from upheld.registers.trust import opening  # noqa: E402
from upheld.registers.trust.models import Shown  # noqa: E402
from upheld.verdicts.keeping import keep  # noqa: E402
from upheld.verdicts.models import MeasureVerdict  # noqa: E402
from upheld.web.trust import serving  # noqa: E402
from upheld.web.trust.writing import write  # noqa: E402

PAGE = "/trust/documents/iso/"


def seconds(call: Callable[[], Any]) -> float:
    """Processor seconds of `call`."""
    began = time.process_time()
    call()
    return time.process_time() - began


def a_year() -> None:
    """Publish both documents and judge every measure each week; each time one in thirty stands otherwise than before."""
    chance, now = random.Random(1), datetime.now(UTC).replace(microsecond=0)
    with clock.at(now - timedelta(days=364)):
        sequencer.init("bench.example/ledger/main/1")
        for document in ("iso", "cloud"):
            for step in (Step.APPROVED, Step.PUBLISHED):
                record(document, step, by="1")
    measures = sorted({name for each in documents() for promise in each.promises for name in promise.measures})
    states = {name: chance.choice([State.UPHELD, State.UPHELD, State.BROKEN]) for name in measures}
    for week in range(52, -1, -1):
        at = now - timedelta(days=7 * week)
        states |= {name: State.BROKEN if states[name] is State.UPHELD else State.UPHELD for name in measures if chance.random() < 1 / 30}
        with clock.at(at):
            keep([Verdict(name, states[name], "", at, population=40, passed=40) for name in measures], at, {})
    account = giving.make("lea@example.org", name="Lea", person="1", by=SYSTEM)
    giving.give(account, Role.SECURITY_LEAD, by=SYSTEM)
    lead = person_of(account, via="cli", second_factor=True)
    opening.open_trust_center(by=lead, company="Bench", contact="security@bench.example", public=Shown.NUMBERS)
    sequencer.sequence()


def after_a_change(browser: Client) -> float:
    """Judge everything again, one measure in thirty otherwise, and return the processor seconds of the first request after that."""
    now, chance = clock.now(), random.Random(f"{clock.now()}")
    stood = {each.measure: State(each.state) for each in MeasureVerdict.objects.filter(until_at=None)}
    turned = {State.UPHELD: State.BROKEN, State.BROKEN: State.UPHELD}
    states = {name: turned[state] if chance.random() < 1 / 30 else state for name, state in stood.items()}
    keep([Verdict(name, state, "", now, population=40, passed=40) for name, state in states.items()], now, {})
    sequencer.sequence()
    return seconds(lambda: browser.get(PAGE, headers={"accept-encoding": "gzip"}))


def main() -> None:
    workspace.current().create()
    call_command("migrate", verbosity=0)
    a_year()
    browser = Client(SERVER_NAME="localhost", REMOTE_ADDR="203.0.113.9")
    browser.get(PAGE)  # what each process reads once: measures' files, templates, entries of verdicts
    print(f"{MeasureVerdict.objects.count():,} intervals of a year")
    first = sorted(after_a_change(browser) for _ in range(9))
    print(f"first after a change      {1000 * first[4]:6.1f} ms (the median of nine; the worst {1000 * first[-1]:.1f} ms)")
    packed = browser.get(PAGE, headers={"accept-encoding": "gzip"}).content
    served = min(seconds(lambda: browser.get(PAGE, headers={"accept-encoding": "gzip"})) for _ in range(20))
    print(f"document served           {1000 * served:6.1f} ms, {len(packed) / 1000:.1f} kB compressed")
    current = serving.current()
    assert current is not None
    took = seconds(lambda: write(current, folder / "site"))
    print(f"static site               {took:6.1f} s, {sum(1 for each in (folder / 'site').rglob('*') if each.is_file())} files")


if __name__ == "__main__":
    main()
