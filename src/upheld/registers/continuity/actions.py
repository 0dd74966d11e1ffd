"""Everything that can be done in the chapter continuity: importing this declares all of its actions."""

from upheld.registers.continuity import exercises, plans, processes

__all__ = ["exercises", "plans", "processes"]
