"""The words of the chapter assets, and how a class follows from four answers."""

from collections.abc import Iterable
from enum import StrEnum


class AssetKind(StrEnum):
    """What sort of thing it is; those that sources see are looked for by them."""

    DEVICE = "device"
    HOST = "host"
    REPOSITORY = "repository"
    STORE = "store"
    MEDIUM = "medium"
    COMPONENT = "component"
    OTHER = "other"


class AssetState(StrEnum):
    """Where a thing is in its life."""

    STOCK = "in stock"
    USE = "in use"
    RETIRED = "retired"
    DISPOSED = "disposed"
    LOST = "lost"
    MERGED = "merged"


GONE = (AssetState.DISPOSED, AssetState.MERGED)


class Classification(StrEnum):
    """Classes of information, from what anybody may know to what few may."""

    PUBLIC = "public"
    INTERNAL = "internal"
    CONFIDENTIAL = "confidential"
    STRICT = "strict"


class Level(StrEnum):
    """An answer about information."""

    NONE = "none"
    SOME = "some"
    MUCH = "much"
    UTMOST = "utmost"

    @property
    def place(self) -> int:
        """1 for none to 4 for utmost."""
        return list(Level).index(self) + 1


def derived(places: Iterable[int]) -> Classification:
    """Return the class that follows from answers by their places: the strictest decides."""
    return list(Classification)[max(places) - 1]


class Permitted(StrEnum):
    """What takes a permission."""

    OFF_SITE = "off site"
    CARRIER = "mobile carrier"
    MEDIUM = "medium"
    PRINT = "print"
    COPY = "copy"


OF_A_THING = (Permitted.OFF_SITE, Permitted.MEDIUM)


class Method(StrEnum):
    """How a medium is sanitised, as in NIST SP 800-88."""

    CLEAR = "clear"
    PURGE = "purge"
    DESTROY = "destroy"
