"""What erasure costs, in CPU seconds: keys wrapped anew, a collection behind a fence, and a million guesses at commitments.

python benchmarks/erasure.py [--keys 100000] [--rows 50000] [--guesses 1000000]
"""

import argparse
import hashlib
import os
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from upheld.evidence.collection import Collecting
from upheld.evidence.table import table
from upheld.ledger import canonical, commitment, identifier
from upheld.sources import belonging
from upheld.vault import epoch, erasures, fence
from upheld.vault.fence import Identifier
from upheld.vault.key import Scope, Whose
from upheld.vault.keys import Vault

AT = datetime(2026, 5, 4, tzinfo=UTC)


def best(times: int, work) -> float:
    """Return the fewest CPU seconds that `work` took in `times` runs."""
    found = []
    for _ in range(times):
        before = time.process_time()
        work()
        found.append(time.process_time() - before)
    return min(found)


def keys(count: int) -> None:
    """Keys made, and wrapped anew after one of them was destroyed."""
    vault = Vault(Path(tempfile.mkdtemp()))
    people = [Whose(Scope.SUBJECT, "person", str(number)) for number in range(count)]
    made = best(1, lambda: vault.made_for(people))
    first, second = os.urandom(32), os.urandom(32)
    wrapped = [epoch.wrap(os.urandom(32), first) for _ in range(count)]
    bare = best(3, lambda: [epoch.wrap(epoch.unwrap(each, first), second) for each in wrapped])
    spent = best(3, lambda: vault.destroy([]))
    print(f"keys made at once            {count / made:>12,.0f} /CPU-s")
    print(f"keys wrapped anew, alone     {count / bare:>12,.0f} /CPU-s   (aimed at: 100,000)")
    print(f"keys wrapped anew, stored    {count / spent:>12,.0f} /CPU-s   {spent:.2f} s for {count:,} after each destruction")
    one = vault.made_for(people[:1])
    assert one
    cached = best(3, lambda: [vault.made_for(people[:1]) for _ in range(20_000)])
    print(f"a key found in memory        {cached / 20_000 * 1e6:>12.1f} us")


def fenced(rows: int) -> None:
    """What a fence of 100 people costs a collection of accounts."""
    vault = Vault(Path(tempfile.mkdtemp()))
    for number in range(100):
        begun = erasures.begin(vault, b"", ())
        names = [(Identifier("mail", "", f"gone{number}@example.com"), True), (Identifier("user", "crm", f"gone{number}"), True)]
        fence.put_up(vault, begun.id, names, [], AT + timedelta(days=36500))
    into = Collecting("directory", ["accounts"], AT)
    into.rows(
        "accounts",
        (
            {"id": f"uuid-{n}", "system_id": "crm", "user_name": f"user{n}", "identifier": f"user{n}", "kind": "person",
             "person_ref": str(n), "display_name": f"First{n} Last{n}", "mail": f"user{n}@example.com", "enabled": True}
            for n in range(rows)
        ),
    )  # fmt: skip
    seen, known = into.seen["accounts"], fence.load(vault)
    spent = best(3, lambda: [belonging.masked(table("accounts"), row, known) for row in seen.rows.values()])
    print(f"rows looked at behind a fence{rows / spent:>12,.0f} /CPU-s   {spent:.2f} s for {rows:,} accounts; without a fence nothing")


def guessed(count: int) -> None:
    """A million guesses at what is in the log: commitments, and plain hashes as the control."""
    entry = identifier.new(AT)
    true = "rita.markerquill@acme.example"
    log = {commitment.commit(entry, "mail", true, commitment.opening()) for _ in range(100)}
    control = {hashlib.sha256(true.encode()).hexdigest()}
    tried = [f"person{number}@acme.example" for number in range(count - 1)] + [true]
    hits = sum(
        hashlib.sha256(canonical.write(each)).hexdigest() in log or hashlib.sha256(each.encode()).hexdigest() in log for each in tried
    )
    shown = sum(hashlib.sha256(each.encode()).hexdigest() in control for each in tried)
    print(f"of {count:,} guesses {hits} fit a commitment, {shown} fits a plain hash of the same value")


def main() -> None:
    """Run all three."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--keys", type=int, default=100_000)
    asked.add_argument("--rows", type=int, default=50_000)
    asked.add_argument("--guesses", type=int, default=1_000_000)
    given = asked.parse_args()
    keys(given.keys)
    fenced(given.rows)
    guessed(given.guesses)


if __name__ == "__main__":
    main()
