"""Everything that can be done in the chapter separation: importing this declares all of its actions."""

from upheld.registers.separation import data, doors, functions

__all__ = ["data", "doors", "functions"]
