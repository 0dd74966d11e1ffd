"""Canaries: a sign-in that must fail, tried on purpose under a name that nobody has, which must come out at the other end of a log."""

import secrets
import subprocess
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from urllib.parse import SplitResult, urlsplit

import ldap3
import psycopg
from django.db import transaction
from ldap3.core.exceptions import LDAPException

from upheld import clock
from upheld.evidence.visible import visible
from upheld.ledger.append import append
from upheld.logs.models import Canary, CanaryTry, WatchedLog
from upheld.logs.watching import LogsMisconfigured

RULE = "5f0e7a52-3c0b-4c53-9a61-0f6b0f8e1a08"
BEGINS = "upheld-canary-"
EVERY = timedelta(days=1)
_SECONDS = 15


def add(log: WatchedLog, address: str, within_seconds: int) -> Canary:
    """Let a canary be tried at `address` daily, as in ssh://web1:22; raises `LogsMisconfigured`."""
    parts = urlsplit(address)
    if parts.scheme not in _TRIES or not parts.hostname or parts.username or parts.password:
        raise LogsMisconfigured(f"a canary is tried at an address such as ssh://host:22, {', '.join(f'{each}://' for each in _TRIES)}")
    if within_seconds < 60:
        raise LogsMisconfigured("logs are read once a minute: give a canary 60 seconds at least")
    with transaction.atomic():
        made = Canary.objects.create(log=log, address=address, within_seconds=within_seconds, added_at=clock.now())
        append("log.canary", subject=("source", f"log {log.name}"), body={"kind": parts.scheme, "within_seconds": within_seconds})
    return made


def remove(log: WatchedLog) -> int:
    """Try no canary any more that was to come out in `log`; return how many those were."""
    with transaction.atomic():
        many = log.canaries.filter(removed_at=None).update(removed_at=clock.now())
        if many:
            append("log.canary-ended", subject=("source", f"log {log.name}"), body={"canaries": many})
    return many


def due_at(canary: Canary) -> datetime:
    """Return when `canary` is to be tried next."""
    last = canary.tries.order_by("-tried_at").values_list("tried_at", flat=True).first()
    return canary.added_at if last is None else last + EVERY


def attempt(canary: Canary) -> CanaryTry:
    """Try to sign in at the address of `canary` under a new name, and keep that it was tried and what came of it."""
    name, parts = f"{BEGINS}{secrets.token_hex(6)}", urlsplit(canary.address)
    tried_at = clock.now()
    said = visible(_TRIES[parts.scheme](parts, name))[:300]
    with transaction.atomic():
        made = CanaryTry.objects.create(canary=canary, name=name, tried_at=tried_at, said=said)
        append("log.canary-tried", subject=("source", f"log {canary.log.name}"), body={"kind": parts.scheme})
    return made


def look(log: WatchedLog) -> int:
    """Say of tries that a rule found by now that it did, and return how many those are."""
    found = 0
    for each in CanaryTry.objects.filter(canary__log=log, found_at=None):
        seen = log.detections.filter(rule=RULE, line__contains=each.name).order_by("found_at").values_list("found_at", flat=True).first()
        if seen is not None:
            each.found_at, found = seen, found + 1
            each.save(update_fields=["found_at"])
    return found


def _ssh(parts: SplitResult, name: str) -> str:
    # Whose key the host shows does not matter: nothing secret is said to it, and nobody gets in.
    options = (
        "BatchMode=yes",
        "PreferredAuthentications=none",
        "StrictHostKeyChecking=no",
        "UserKnownHostsFile=/dev/null",
        "LogLevel=ERROR",
    )
    words = ["ssh", "-F", "/dev/null", *(word for each in options for word in ("-o", each)), "-p", str(parts.port or 22), "-l", name]
    try:
        done = subprocess.run([*words, "--", str(parts.hostname), "true"], capture_output=True, text=True, timeout=_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"could not be tried: {error}"
    return (done.stderr.strip().splitlines() or [f"status {done.returncode}"])[-1]


def _postgresql(parts: SplitResult, name: str) -> str:
    try:
        psycopg.connect(
            host=str(parts.hostname),
            port=parts.port or 5432,
            dbname=parts.path.strip("/") or "postgres",
            user=name,
            password=secrets.token_hex(8),
            connect_timeout=_SECONDS,
        ).close()
    except psycopg.OperationalError as error:
        return (str(error).strip().splitlines() or ["refused"])[-1]
    return "it was let in"


def _ldap(parts: SplitResult, name: str) -> str:
    server = ldap3.Server(str(parts.hostname), parts.port, use_ssl=parts.scheme == "ldaps", get_info=ldap3.NONE, connect_timeout=_SECONDS)
    base = parts.path.strip("/")
    connection = ldap3.Connection(server, f"uid={name}{',' + base if base else ''}", secrets.token_hex(8), receive_timeout=_SECONDS)
    try:
        return "it was let in" if connection.bind() else str(connection.result["description"])
    except LDAPException as error:
        return str(error)
    finally:
        connection.unbind()


_TRIES: Mapping[str, Callable[[SplitResult, str], str]] = {"ssh": _ssh, "postgresql": _postgresql, "ldap": _ldap, "ldaps": _ldap}
