"""The words of the chapter separation."""

from enum import StrEnum


class Environment(StrEnum):
    """What systems are for, as the register of systems says it."""

    PRODUCTION = "production"
    TEST = "test"
    DEVELOPMENT = "development"
