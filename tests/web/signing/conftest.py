"""Cheap hashes of passwords for every test here."""

from tests.cheap import cheap_hashes

__all__ = ["cheap_hashes"]
