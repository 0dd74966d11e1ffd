"""The product as a source for itself: its signing key, its installed packages and whether they are as published."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from upheld.evidence.collection import Collecting
from upheld.sources.product.get import installed, signing_key
from upheld.sources.product.shape import deviation_rows, key_rows, package_rows
from upheld.sources.source import Setting, Source


@dataclass(frozen=True)
class ProductSource:
    """This installation. `system` is what the company's list of systems calls it."""

    system: str

    def test(self) -> str:
        """Return a sentence about what is read."""
        return f"this installation: {sum(1 for _ in installed(verify=False))} packages, and the ledger's signing key"

    def collect(self, into: Collecting) -> None:
        """Read the signing key and compare every installed file with the digest its package was published with."""
        key = signing_key()
        into.rows("keys", key_rows(self.system, key))
        packages = []
        for package in installed(verify=True):
            packages.append(package)
            into.progress("comparing installed packages", len(packages))
        into.rows("packages", package_rows(self.system, packages))
        into.rows("package_deviations", deviation_rows(self.system, packages))


class ProductKind:
    """The kind "product"."""

    name: ClassVar[str] = "product"
    title: ClassVar[str] = "this installation of Upheld itself"
    tables: ClassVar[tuple[str, ...]] = ("keys", "packages", "package_deviations")
    settings: ClassVar[tuple[Setting, ...]] = (Setting("system", "the id of Upheld in the list of systems", default="upheld"),)
    least_rights: ClassVar[str] = "what the installation can read of itself"
    notice: ClassVar[str] = ""

    def connect(self, settings: Mapping[str, str]) -> Source:
        """Return the source; contacts nothing."""
        return ProductSource(settings["system"])


PRODUCT = ProductKind()
