"""Everything that can be done in the chapter change: importing this declares all of its actions."""

from upheld.registers.change import changes, releases, software, writing

__all__ = ["changes", "releases", "software", "writing"]
