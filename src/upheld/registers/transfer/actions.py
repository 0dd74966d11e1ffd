"""Everything that can be done in the chapter transfer: importing this declares all of its actions."""

from upheld.registers.transfer import channels, shipments

__all__ = ["channels", "shipments"]
