"""The app of duties: occurrences, what people arrange about them, and links to calendars."""

from importlib import import_module
from types import ModuleType

from django.apps import AppConfig


class Duties(AppConfig):
    """What people owe."""

    name = "upheld.duties"
    label = "duties"

    def declare(self) -> None:
        """Declare the actions about duties."""
        import_module("upheld.duties.actions")

    def held(self) -> ModuleType:
        """Return what holds rows that are no records against the ledger (`registers.recorded`)."""
        return import_module("upheld.duties.held")
