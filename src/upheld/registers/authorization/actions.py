"""Everything that can be done in the chapter authorization: importing this declares all of its actions."""

from upheld.registers.authorization import entitlements, requests

__all__ = ["entitlements", "requests"]
