"""The app of the pages; what is handed over there is an action too."""

from importlib import import_module

from django.apps import AppConfig


class Web(AppConfig):
    """What people see."""

    name = "upheld.web"
    label = "web"

    def declare(self) -> None:
        """Declare the actions that need to know how promises stand for customers."""
        import_module("upheld.web.trust.handing")
