"""Everything that can be done in the chapter cryptography: importing this declares all of its actions."""

from upheld.registers.cryptography import keys, rules

__all__ = ["keys", "rules"]
