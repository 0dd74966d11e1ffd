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


OPEN = (RequestState.ASKED, RequestState.AGREED)
