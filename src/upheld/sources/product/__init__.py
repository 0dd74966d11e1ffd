"""The product as a source for itself: its signing key, clock, packages as published, who signs in to it how, and its own backups."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from upheld import clock
from upheld.evidence.collection import Collecting
from upheld.sources.product import shape_accounts
from upheld.sources.product.get import installed, signing_key
from upheld.sources.product.get_accounts import ask
from upheld.sources.product.get_backups import backups
from upheld.sources.product.shape import clock_rows, deviation_rows, key_rows, package_rows
from upheld.sources.product.shape_backups import backup_rows, restore_rows
from upheld.sources.sntp import parse
from upheld.sources.sntp.get import Clock, measure
from upheld.sources.source import Setting, Source

SAMPLES, SECONDS = 4, 2.0


@dataclass(frozen=True)
class ProductSource:
    """This installation. `system` is what the company's list of systems calls it."""

    system: str
    time_server: Clock | None

    def test(self) -> str:
        """Return a sentence about what is read."""
        return f"this installation: {sum(1 for _ in installed(verify=False))} packages, and the ledger's signing key"

    def collect(self, into: Collecting) -> None:
        """Read the key, the clock and who signs in, and compare every installed file with the digest its package was published with."""
        key = signing_key()
        into.rows("keys", key_rows(self.system, key))
        self._clock(into)
        self._signing_in(into)
        self._backups(into)
        packages = []
        for package in installed(verify=True):
            packages.append(package)
            into.progress("comparing installed packages", len(packages))
        into.rows("packages", package_rows(self.system, packages))
        into.rows("package_deviations", deviation_rows(self.system, packages))

    def _signing_in(self, into: Collecting) -> None:
        answers = ask()
        into.rows("accounts", shape_accounts.account_rows(self.system, answers))
        into.unsupported("accounts", "changed_at", "when an account was changed is in the ledger, not beside the account")
        into.rows("sign_ins", shape_accounts.sign_in_rows(self.system, answers))
        into.unsupported("sign_ins", "from_address", "network addresses are not kept")
        into.rows("password_rules", shape_accounts.rule_rows(self.system, answers))
        into.rows("logon_settings", shape_accounts.door_rows(self.system, answers))
        into.rows("groups", shape_accounts.group_rows(self.system))
        into.unsupported("groups", "owner_ref", "roles have no owner")
        into.rows("grants", shape_accounts.grant_rows(self.system, answers))
        into.unsupported("grants", "last_used_at", "which role let somebody see a page is not kept")
        into.rows("api_tokens", shape_accounts.token_rows(self.system, answers, clock.now()))

    def _backups(self, into: Collecting) -> None:
        known = backups()
        into.rows("backups", backup_rows(self.system, known))
        into.unsupported("backups", "automatic", "whoever starts a backup, a person or a schedule, calls the same command")
        into.unsupported("backups", "region", "where a folder lies is not known")
        into.rows("restore_tests", restore_rows(self.system, known))
        if known.contradicted:
            why = f"the ledger says otherwise of {known.contradicted} of the backups and restore tests in the database: they are left out"
            into.cut_short("backups", why)
            into.cut_short("restore_tests", why)

    def _clock(self, into: Collecting) -> None:
        if self.time_server is None:
            into.unsupported("clock_readings", "clock_offset", "no time_server is set to measure this machine's clock against")
            into.rows("clock_readings", [])
            return
        measured = measure(self.time_server, samples=SAMPLES, seconds=SECONDS)
        if measured.best is None:
            into.cut_short("clock_readings", f"{self.time_server.name}: {measured.why}")
        into.rows("clock_readings", clock_rows(self.system, measured, clock.now()))


class ProductKind:
    """The kind "product"."""

    name: ClassVar[str] = "product"
    title: ClassVar[str] = "this installation of Upheld itself"
    tables: ClassVar[tuple[str, ...]] = (
        "keys", "clock_readings", "packages", "package_deviations", "accounts", "sign_ins", "password_rules", "logon_settings",
        "groups", "grants", "api_tokens", "backups", "restore_tests",
    )  # fmt: skip
    settings: ClassVar[tuple[Setting, ...]] = (
        Setting("system", "the id of Upheld in the list of systems", default="upheld"),
        Setting("time_server", "host or host:port to measure this machine's clock against, by SNTP; empty for none", default=""),
    )
    least_rights: ClassVar[str] = "what the installation can read of itself"
    notice: ClassVar[str] = ""

    def connect(self, settings: Mapping[str, str]) -> Source:
        """Return the source; contacts nothing."""
        return ProductSource(settings["system"], parse(settings["time_server"]) if settings["time_server"] else None)


PRODUCT = ProductKind()
