"""The words of the chapter physical."""

from enum import StrEnum


class Operator(StrEnum):
    """Whose staff runs a site."""

    OWN = "own"
    PROVIDER = "provider"


class Hazard(StrEnum):
    """What can happen to a site."""

    FIRE = "fire"
    FLOOD = "flood"
    POWER = "power failure"
    LINES = "line interference"
    NATURE = "natural disaster"
    CLIMATE = "climate"
    ATTACK = "attack"
    ACCIDENT = "accident"


class ZoneKind(StrEnum):
    """What a zone is for."""

    OFFICE = "office"
    SECURE = "secure"
    DELIVERY = "delivery"
    VISITOR = "visitor"
    OTHER = "other"


class ZoneClass(StrEnum):
    """How closely a zone is kept."""

    PUBLIC = "public"
    INTERNAL = "internal"
    CONFIDENTIAL = "confidential"
    STRICT = "strict"


class Control(StrEnum):
    """What keeps a zone closed, watched or unremarkable."""

    LOCK = "lock"
    READER = "badge reader"
    ALARM = "alarm"
    CAMERA = "camera"
    NO_SIGNS = "no signage"
    ESCORT = "escort"
    FIRE_DOOR = "fire door"
    SCREEN = "screen"


class Looked(StrEnum):
    """What an inspection looked at."""

    PERIMETER = "perimeter"
    DESKS = "clear desk"
    PROTECTION = "protection"
    GUARDS = "guard report"


class BadgeKind(StrEnum):
    """What opens a door."""

    BADGE = "badge"
    KEY = "key"
    CODE = "code"


class Permitted(StrEnum):
    """What takes a permission of its own in a secure zone."""

    ALONE = "lone work"
    RECORDING = "recording"
