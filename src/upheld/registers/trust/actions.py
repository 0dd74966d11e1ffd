"""Every action of the Trust Center, declared by being imported."""

from upheld.registers.trust import noticing, opening

__all__ = ["noticing", "opening"]
