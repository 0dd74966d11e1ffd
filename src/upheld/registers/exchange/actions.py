"""Actions on mappings of columns."""

from typing import Annotated

from upheld.accounts.person import Person
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import ill
from upheld.registers.exchange.finding import register_called
from upheld.registers.exchange.models import Mapping, pair
from upheld.registers.exchange.ways import NoWay, way
from upheld.registers.rules import LEADS
from upheld.registers.words import Line, Name

Columns = Annotated[list[str], 'lines "field = header", as in "title = Name of the device"']
Make = Annotated[Line | None, "the action that makes a record, where several can"]


@action(by=LEADS, makes=Mapping)
def keep_mapping(
    *, by: Person, name: Name, of: Annotated[Line, "the register, as in governance.contact"], columns: Columns, make: Make = None
) -> Mapping:
    """Keep how the columns of a file are read that comes again and again."""
    if Mapping.objects.filter(name=name).exists():
        raise ill(name=f"There is a mapping {name}; change it, or take another name.")
    return keep(_checked(Mapping(name=name, of=of, columns=columns, make=make or "")))


@action(by=LEADS)
def change_mapping(mapping: Mapping, *, by: Person, columns: Columns, make: Make = None) -> Mapping:
    """Change how the columns of a file are read."""
    mapping.columns, mapping.make = columns, make or ""
    return keep(_checked(mapping))


def _checked(mapping: Mapping) -> Mapping:
    model = register_called(mapping.of)
    if model is None:
        raise ill(of=f"There is no register {mapping.of}.")
    try:
        known = way(model, mapping.make).parameters
    except NoWay as error:
        raise ill(make=str(error)) from error
    wrong = [line for line in mapping.columns if not pair(line)[1] or pair(line)[0] not in {"number", *known}]
    if wrong:
        raise ill(columns=f"{wrong[0]!r} is no line “field = header”; fields are {', '.join(known)}.")
    return mapping
