"""Everything that can be done in the chapter incidents: importing this declares all of its actions."""

from upheld.registers.incidents import categories, deciding, excepting, handling, learning, reporting

__all__ = ["categories", "deciding", "excepting", "handling", "learning", "reporting"]
