"""Everything that can be done in the chapter physical: importing this declares all of its actions."""

from upheld.registers.physical import entry, rounds, sites, visits

__all__ = ["entry", "rounds", "sites", "visits"]
