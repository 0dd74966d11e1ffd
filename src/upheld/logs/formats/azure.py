"""Azure's activity, audit and sign-in records: as its interface returns them, and as diagnostic settings write them into storage."""

from collections.abc import Mapping
from typing import Any

_CODED = ("operationName", "eventName", "category", "status", "subStatus", "resourceProviderName", "resourceType")
_DIAGNOSTIC = ("category", "operationName", "resourceId")


def unfolded(event: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return `event` with the names that rules know (`operationName`, `ResultType`) beside its own; itself where it is none of these."""
    if not isinstance(event.get("operationName"), str | Mapping):
        return event
    found = dict(event)
    for name in _CODED:
        value = event.get(name)
        if isinstance(value, Mapping) and isinstance(value.get("value"), str):
            found[name] = value["value"]
            found |= {f"{name}.{each}": its for each, its in value.items()}
    properties = event.get("properties")
    if all(name in event for name in _DIAGNOSTIC):
        named = {name: value for name, value in event.items() if name != "properties"}
        for name, value in [*(properties.items() if isinstance(properties, Mapping) else ()), *named.items()]:
            found.setdefault(f"{name[:1].upper()}{name[1:]}", value)
        for name in ("category", "operationName"):  # as the tables of its workspaces call them, and rules
            found.setdefault(f"{name[:1].upper()}{name[1:]}Value", event[name])
    return found
