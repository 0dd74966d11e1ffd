"""A workspace with a ledger."""

from tests.actors import ledger

__all__ = ["ledger"]
