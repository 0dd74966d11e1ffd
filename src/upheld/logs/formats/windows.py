"""Windows events as collectors nest them (EVTX as JSON, Winlogbeat): the fields that rules know, beside what the collector wrote."""

from collections.abc import Iterator, Mapping
from typing import Any

_TEXTS = ("#text", "Text", "content", "Value", "_")
_NAMES = ("Name", "@Name", "_Name")


def unfolded(event: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return `event` with what is nested in it under rules' names. What the event is about never says what the event is."""
    system = event.get("Event")
    if isinstance(system, Mapping) and isinstance(system.get("System"), Mapping):
        return _evtx(event, system)
    if isinstance(event.get("System"), Mapping) and ("EventData" in event or "UserData" in event):
        return _evtx(event, event)
    beat = event.get("winlog")
    return _beat(event, beat) if isinstance(beat, Mapping) else event


def _evtx(event: Mapping[str, Any], inner: Mapping[str, Any]) -> Mapping[str, Any]:
    told: dict[str, Any] = {}
    for name, value in inner["System"].items():
        attributes = _attributes(value)
        if isinstance(value, Mapping) and any(each in value for each in _TEXTS):
            told[name] = _text(value)
        elif attributes:
            told |= {f"{name}_{each}": said for each, said in attributes.items()}
        else:
            told[name] = value
    told["TimeCreated"] = told.get("TimeCreated_SystemTime", told.get("TimeCreated"))
    payload = dict(_payload(inner.get("EventData"))) | {
        name: value for each in _objects(inner.get("UserData")) for name, value in _payload(each)
    }
    return {**event, **payload, **{name: value for name, value in told.items() if value is not None}}


def _beat(event: Mapping[str, Any], beat: Mapping[str, Any]) -> Mapping[str, Any]:
    names = {"Channel": "channel", "EventID": "event_id", "Provider_Name": "provider_name", "Computer": "computer_name"}
    told = {name: beat[its] for name, its in names.items() if beat.get(its) is not None}
    payload = dict(_payload(beat.get("event_data"))) | {name: value for each in (beat.get("user_data"),) for name, value in _payload(each)}
    return {**event, **payload, **told}


def _payload(said: object) -> Iterator[tuple[str, Any]]:
    """The named values in `said`: an object's own, or those of a list of names with texts."""
    if not isinstance(said, Mapping):
        return
    for name, value in said.items():
        if name.startswith(("#", "@")):
            continue
        listed = value if isinstance(value, list) else [value]
        if name == "Data" and listed and all(isinstance(each, Mapping) and _name(each) for each in listed):
            yield from ((_name(each), _text(each)) for each in listed)
        else:
            yield name, _text(value) if isinstance(value, Mapping) and any(each in value for each in _TEXTS) else value


def _objects(said: object) -> list[object]:
    return [each for each in said.values() if isinstance(each, Mapping)] if isinstance(said, Mapping) else []


def _attributes(value: object) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        return {}
    inner = value.get("#attributes", value.get("@attributes"))
    if isinstance(inner, Mapping):
        return inner
    return {name.lstrip("@"): said for name, said in value.items()}


def _name(said: Mapping[str, Any]) -> str:
    attributes = _attributes(said)
    return next((str(attributes[each.lstrip("@")]) for each in _NAMES if attributes.get(each.lstrip("@"))), "")


def _text(said: Mapping[str, Any]) -> Any:
    return next((said[each] for each in _TEXTS if each in said), None)
