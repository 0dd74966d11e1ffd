"""The app of registers; its actions are declared once everything is loaded."""

from importlib import import_module

from django.apps import AppConfig

CHAPTERS = ("governance",)


class Registers(AppConfig):
    """Every chapter's registers, with one migration history."""

    name = "upheld.registers"
    label = "registers"

    def ready(self) -> None:
        """Declare every chapter's actions."""
        for chapter in CHAPTERS:
            import_module(f"upheld.registers.{chapter}.actions")
