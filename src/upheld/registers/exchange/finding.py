"""Registers and saved mappings by name."""

from upheld.actions.errors import NoSuchRecord
from upheld.actions.models import Record
from upheld.registers.exchange.models import Mapping
from upheld.registers.recorded import registers


def register_called(name: str) -> type[Record] | None:
    """Return the register called `name` ("assets.asset"), or None."""
    return next((model for model in registers() if model.register() == name), None)


def mappings_of(model: type[Record]) -> list[Mapping]:
    """Return the mappings that were saved for files of `model`, by name."""
    return list(Mapping.objects.filter(of=model.register()))


def mapping_called(name: str, model: type[Record]) -> Mapping:
    """Return the mapping `name` that was saved for `model`; raises `NoSuchRecord`."""
    found = Mapping.objects.filter(of=model.register(), name=name).first()
    if found is None:
        known = ", ".join(each.name for each in mappings_of(model)) or "none"
        raise NoSuchRecord(f"There is no mapping {name!r} for {model._meta.verbose_name_plural}; saved are: {known}.")
    return found
