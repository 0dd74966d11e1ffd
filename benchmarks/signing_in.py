"""What being signed in costs: `python -m benchmarks.signing_in [--accounts 1000]`. CPU time, the best of several."""

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

ROUNDS, REPEATS = 7, 40


def main() -> None:
    """Make a workspace with accounts, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=1000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["UPHELD_WORKSPACE"] = str(Path(folder) / "workspace")
        from upheld.cli.main import set_up

        set_up()
        from upheld.cli.init import make

        make("bench.example/ledger/main/1")
        measure(options.accounts)


def measure(number: int) -> None:
    """Print what pages, tokens, passwords and scope cost."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from tests.world import account, browser

    from upheld.accounts import passwords, tokens
    from upheld.accounts.role import Role
    from upheld.ledger.entry import SYSTEM

    open_here = best(lambda: Client(SERVER_NAME="localhost").get("/sign-in/cancelled/"))
    dana = account("dana", Role.ADMINISTRATOR)
    signed_in, stranger = browser(dana), Client(SERVER_NAME="localhost")
    signed_in.defaults["SERVER_NAME"] = "localhost"
    with CaptureQueriesContext(connection) as asked:
        signed_in.get("/nothing")
    mine = [each for each in asked.captured_queries if "accounts_" in each["sql"] or "django_session" in each["sql"]]
    print(f"queries that being signed in adds to a page: {len(mine)}   aim <= 3")
    alone, with_account = 1000 * best(lambda: stranger.get("/health")), 1000 * best(lambda: signed_in.get("/nothing"))
    print(f"a page that says that it is not there, signed in: {with_account:.2f} ms (/health, which asks nobody: {alone:.2f} ms)")
    print(f"a page before signing in: {1000 * open_here:.2f} ms")
    token = tokens.make(dana, name="bench", only_reads=True, lasts=timedelta(days=30), by=SYSTEM)
    forged = token[:20] + ("a" if token[20] != "a" else "b") + token[21:]
    good, bad = (best(lambda said=f"Bearer {each}": tokens.bearer(said)) for each in (token, forged))  # type: ignore[misc]
    print(f"a token: {1e6 * good:.0f} us; one that is forged: {1e6 * bad:.0f} us")
    pat, begun = account("pat"), time.process_time()
    passwords.change(pat, "cousin ferry plinth ozone", by=SYSTEM)
    print(f"setting a password, Argon2id: {time.process_time() - begun:.2f} s")
    for each in range(number):
        account(f"p{each}", Role.EMPLOYEE)
    found, listed = len(queries(signed_in)), 1000 * best(lambda: signed_in.get("/accounts/"))
    print(f"list of {number:,} accounts: {found} queries, {listed:.0f} ms   aim <= 15, <= 60 ms")


def queries(client: object) -> list[dict[str, str]]:
    """Return the queries of the list of accounts."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        assert client.get("/accounts/").status_code == 200  # type: ignore[attr-defined]
    return list(asked.captured_queries)


def best(do: Callable[[], object]) -> float:
    """Return the CPU seconds of one call, the best of several rounds."""
    do()
    found = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        for _ in range(REPEATS):
            do()
        found.append((time.process_time() - begun) / REPEATS)
    return min(found)


if __name__ == "__main__":
    main()
