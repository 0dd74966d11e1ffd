"""Everything that can be done in the chapter backup: importing this declares all of its actions."""

from upheld.registers.backup import records, stores

__all__ = ["records", "stores"]
