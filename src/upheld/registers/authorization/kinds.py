"""The words of the chapter authorization."""

from enum import StrEnum


class Risk(StrEnum):
    """What somebody could do with an entitlement."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class RequestState(StrEnum):
    """Where a request for access stands. A privileged one is agreed once, and approved by the second who agrees."""

    ASKED = "asked"
    AGREED = "agreed"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"


class Provision(StrEnum):
    """How a request that was decided stands on the system. Nothing is so because somebody decided it: each end was seen there."""

    NOT_YET = ""
    ORDERED = "ordered"
    GIVEN = "given"
    REFUSED = "refused"
    BY_HAND = "by hand"
    TAKING = "being taken"
    TAKEN = "taken"
    LEFT = "left"
    KEPT = "kept"


OPEN = (RequestState.ASKED, RequestState.AGREED)


class ReviewKind(StrEnum):
    """By whom rights are reviewed: whoever answers for a system, for each entitlement, or for people; or what is looked for.

    `CHANGED` asks about what is new or has new flags since the last finished review of the same system, `EXIT` about all that one person
    has before they leave.
    """

    SYSTEM = "system"
    OWNER = "owner"
    MANAGER = "manager"
    UNUSED = "unused"
    CHANGED = "changed"
    EXIT = "exit"


class Decision(StrEnum):
    """What a reviewer says of one right."""

    KEEP = "keep"
    REVOKE = "revoke"


class Flag(StrEnum):
    """What is to be looked at twice, found when the review was opened."""

    LEAVER = "leaver"
    ORPHAN = "orphan"
    SHARED = "shared"
    DORMANT = "dormant"
    PRIVILEGED = "privileged"
    CONFLICT = "conflict"
    OUTSIDE_ROLE = "outside role"
    UNLIKE_PEERS = "unlike peers"
    NEW = "new"


class CaseKind(StrEnum):
    """What happens to somebody's employment."""

    JOINER = "joiner"
    MOVER = "mover"
    LEAVER = "leaver"


class Thing(StrEnum):
    """What a case looks after until it is as it must be."""

    ACCOUNT = "account"
    GRANT = "grant"
    TOKEN = "token"  # noqa: S105  a word, not a secret
    KEY = "key"
    SESSION = "session"
    BADGE = "badge"
    ZONE = "zone"
    ASSET = "asset"
    OTHER = "other"
