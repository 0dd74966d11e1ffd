"""The words of the chapter access."""

from enum import StrEnum


class DeviceKind(StrEnum):
    """What somebody carries."""

    PHONE = "phone"
    TABLET = "tablet"
    LAPTOP = "laptop"


class SecretKind(StrEnum):
    """What came out."""

    PASSWORD = "password"  # noqa: S105  a word, not a secret
    KEY = "key"
    TOKEN = "token"  # noqa: S105  as above
    OTHER = "other"
