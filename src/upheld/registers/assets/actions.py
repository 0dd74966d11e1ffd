"""Everything that can be done in the chapter assets: importing this declares all of its actions."""

from upheld.registers.assets import ends, information, inventory, permissions

__all__ = ["ends", "information", "inventory", "permissions"]
