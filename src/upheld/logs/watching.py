"""Which logs are watched, and which rules are run over them."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from types import ModuleType

from django.db import transaction

from upheld import clock, workspace
from upheld.evidence.visible import visible
from upheld.ledger.append import append
from upheld.logs.event import Event
from upheld.logs.formats import access, journald, json_lines, syslog
from upheld.logs.models import WatchedLog
from upheld.logs.sigma.compiled import compiled, files_in, shelf
from upheld.logs.sigma.rule import Rule, RuleSet

FORMATS: Mapping[str, ModuleType] = {"access": access, "csv": json_lines, "journald": journald, "json": json_lines, "syslog": syslog}
# How long what is read is kept, if nothing else is said.
KEPT_DAYS = 90
# The category of rules of ours about whoever signs in, in whatever log that is told.
SIGN_INS = "sign-in"
OURS = Path(__file__).parent / "rules"


def reader(format: str) -> Callable[[str], Event]:
    """Return what reads lines of `format`, one after the other; it raises `NoEvent` for one that says nothing in it."""
    module = FORMATS[format]
    read: Callable[[str], Event] = module.reader() if hasattr(module, "reader") else module.event
    return read


class LogsMisconfigured(ValueError):
    """A log cannot be watched as asked; the message says why and what to do."""


def add(
    name: str,
    pattern: str,
    format: str,
    *,
    system_id: str,
    product: str = "",
    category: str = "",
    service: str = "",
    silent_after_seconds: int = 24 * 3600,
    kept_days: int = KEPT_DAYS,
) -> WatchedLog:
    """Watch the files that `pattern` names from now on; raises `LogsMisconfigured`. A name is used once."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,59}", name):
        raise LogsMisconfigured(f"{visible(name)[:80]!r} cannot name a log: use small letters, digits and hyphens")
    if format not in FORMATS:
        raise LogsMisconfigured(f"a log is of the format {', '.join(sorted(FORMATS))}, not {visible(format)[:40]!r}")
    if WatchedLog.objects.filter(name=name).exists():
        raise LogsMisconfigured(f"a log called {name} is, or was, watched: choose another name")
    if silent_after_seconds < 60:
        raise LogsMisconfigured("a log may be silent for a minute at least before that is remarkable")
    _checked(kept_days)
    with transaction.atomic():
        log = WatchedLog.objects.create(
            name=name,
            pattern=str(Path(pattern).absolute()),
            format=format,
            system_id=system_id,
            product=product,
            category=category,
            service=service,
            silent_after_seconds=silent_after_seconds,
            kept_days=kept_days,
            added_at=clock.now(),
        )
        append(
            "log.watched",
            subject=("source", f"log {name}"),
            body={"format": format, "product": product, "service": service, "kept_days": kept_days},
        )
    return log


def keep_for(name: str, days: int) -> WatchedLog:
    """Keep what is read of a log for so many days from now on; raises `LogsMisconfigured`."""
    _checked(days)
    log = named(name)
    with transaction.atomic():
        log.kept_days = days
        log.save(update_fields=["kept_days"])
        append("log.kept-for", subject=("source", f"log {name}"), body={"days": days})
    return log


def _checked(kept_days: int) -> None:
    if not 1 <= kept_days <= 3660:
        raise LogsMisconfigured("what is read of a log is kept for 1 to 3,660 days")


def remove(name: str) -> None:
    """Watch it no longer; what was found stays. Raises `LogsMisconfigured`."""
    log = named(name)
    with transaction.atomic():
        log.removed_at = clock.now()
        log.save(update_fields=["removed_at"])
        append("log.left", subject=("source", f"log {name}"), body={})


def watched() -> list[WatchedLog]:
    """Return the logs that are watched, by name."""
    return list(WatchedLog.objects.filter(removed_at=None))


def named(name: str) -> WatchedLog:
    """Return the log called `name`; raises `LogsMisconfigured` naming those there are."""
    found = next((log for log in watched() if log.name == name), None)
    if found is None:
        there = ", ".join(log.name for log in watched()) or "none"
        raise LogsMisconfigured(f"no log called {visible(name)[:80]!r} is watched; there are: {there}")
    return found


def rule_files() -> list[Path]:
    """Return the files of our own rules and of those in the workspace's folder `rules` (a checkout of SigmaHQ's works as it is)."""
    own = workspace.current().root / "rules"
    return sorted(OURS.rglob("*.yml")) + (files_in([own]) if own.is_dir() else [])


def rules() -> RuleSet:
    """Return all rules, read and mapped to the fields that logs have."""
    return compiled(rule_files(), shelf()).ruleset


def rules_now() -> RuleSet:
    """Return all rules as they are now; read again only when a file of theirs changed."""
    return _rules(_stamp())


def _stamp() -> tuple[tuple[Path, int, int], ...]:
    """Return what the rules' files are, by which to know that none changed."""
    return tuple((path, *_changed(path)) for path in rule_files())


def _changed(path: Path) -> tuple[int, int]:
    try:
        return path.stat().st_mtime_ns, path.stat().st_size
    except OSError:
        return 0, 0  # a link to nothing: reading it says so


@lru_cache(maxsize=1)
def _rules(stamp: tuple[tuple[Path, int, int], ...]) -> RuleSet:
    return rules()


def applies(rule: Rule, log: WatchedLog) -> bool:
    """Whether `rule` is about logs such as `log`: what it says of product, category and service must be what the log is.

    Categories of Windows rules became conditions on channel and number when they were read.
    """
    if rule.category == SIGN_INS:
        return True
    same_product = not rule.product or rule.product == log.product
    if rule.product == "windows" and log.product == "windows":
        return True
    return same_product and all(not said or said == its for said, its in ((rule.category, log.category), (rule.service, log.service)))
