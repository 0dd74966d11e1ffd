"""Everything that can be done in the chapter people: importing this declares all of its actions."""

from upheld.registers.people import authorising, sanctions, signing, training

__all__ = ["authorising", "sanctions", "signing", "training"]
