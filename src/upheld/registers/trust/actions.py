"""Every action of the Trust Center, declared by being imported."""

from upheld.registers.trust import noticing, opening, sharing

__all__ = ["noticing", "opening", "sharing"]
