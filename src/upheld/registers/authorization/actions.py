"""Everything that can be done in the chapter authorization: importing this declares all of its actions."""

from upheld.registers.authorization import cases, entitlements, requests, reviews

__all__ = ["cases", "entitlements", "requests", "reviews"]
