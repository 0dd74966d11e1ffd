"""The app of registers; its actions are declared once somebody asks what can be done."""

from importlib import import_module

from django.apps import AppConfig

# In the order in which the sample company keeps them: what others name comes before them.
CHAPTERS = (
    "compliance",
    "exchange",
    "findings",
    "governance",
    "incidents",
    "operations",
    "access",
    "authorization",
    "change",
    "backup",
    "people",
    "physical",
    "suppliers",
    "privacy",
    "assets",
    "continuity",
    "cryptography",
    "transfer",
    "separation",
    "tasks",
    "trust",
)


class Registers(AppConfig):
    """Every chapter's registers, with one migration history."""

    name = "upheld.registers"
    label = "registers"

    def declare(self) -> None:
        """Declare every chapter's actions: not when the app is loaded, since most commands do none of them."""
        for chapter in CHAPTERS:
            import_module(f"upheld.registers.{chapter}.actions")
