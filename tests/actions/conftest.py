"""The people who work on registers."""

from tests.actors import ada, lead, ledger

__all__ = ["ada", "lead", "ledger"]
