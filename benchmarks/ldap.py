"""How fast a directory of 50,000 accounts is read into rows, by each client; the promise is 20,000 entries/s with python-ldap.

    python benchmarks/ldap.py [ACCOUNTS]

Starts its own slapd (Debian: slapd). Entries/s are of the whole collection: accounts, groups with 20,000 memberships, rules, probes.
"""

import os
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec

del sys.path[0]  # before the imports: this folder, where this file stands in the way of the module `ldap`

from upheld.evidence.collection import Collecting  # noqa: E402
from upheld.lab.slapd import BASE, Slapd  # noqa: E402
from upheld.sources.ldap import LDAP  # noqa: E402
from upheld.sources.ldap.get import client_class  # noqa: E402
from upheld.sources.source import complete  # noqa: E402

BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
ACCOUNT = """dn: uid=user{n},ou=people,{base}
objectClass: inetOrgPerson
cn: User {n}
sn: User
uid: user{n}
mail: user{n}@example.org
employeeNumber: {n}
userPassword: {{ARGON2}}$argon2i$v=19$m=4096,t=3,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g
pwdChangedTime: {changed}
pwdLastSuccess: {used}
"""
GROUP = "dn: cn=group{n},ou=groups,{base}\nobjectClass: groupOfNames\ncn: group{n}\n{members}\n"


def entries(accounts: int) -> Iterator[str]:
    """Yield the accounts, and 100 groups of 200 each."""
    for number in range(accounts):
        at = BEGINNING + timedelta(minutes=number)
        yield ACCOUNT.format(n=number, base=BASE, changed=f"{at:%Y%m%d%H%M%SZ}", used=f"{at + timedelta(days=40):%Y%m%d%H%M%SZ}")
    for number in range(100):
        members = (f"member: uid=user{(number * 487 + place) % accounts},ou=people,{BASE}" for place in range(200))
        yield GROUP.format(n=number, base=BASE, members="\n".join(members))


def read(slapd: Slapd, library: str) -> tuple[int, float, float]:
    """Return how many accounts came, in how many seconds, and how many of them of our own processor."""
    told = {**slapd.settings, "system": "directory", "client": library, "timeout": "120"}
    password = told.pop("password")
    source = LDAP.connect(complete(LDAP, told) | {"password": password})
    into = Collecting("bench", LDAP.tables, datetime.now(UTC))
    began, spent = time.perf_counter(), time.process_time()
    source.collect(into)
    took, spent = time.perf_counter() - began, time.process_time() - spent
    assert into.coverage == "complete", [seen.cut_short for seen in into.seen.values()]
    return len(into.seen["accounts"].rows), took, spent


def main() -> None:
    """Print a line for each client."""
    accounts = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    libraries = ["ldap3", *(["python-ldap"] if find_spec("ldap") else [])]
    with Slapd(ldif="\n".join(entries(accounts))) as slapd:
        print(f"{accounts} accounts, 100 groups of 200; {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
        for library in libraries:
            count, took, spent = min((read(slapd, library) for _ in range(3)), key=lambda run: run[1])
            assert client_class(library).library == library  # type: ignore[attr-defined]
            print(f"{library:12} {count / took:8,.0f} entries/s into rows ({took:.2f} s, of which {spent:.2f} s processor; best of 3)")


if __name__ == "__main__":
    main()
