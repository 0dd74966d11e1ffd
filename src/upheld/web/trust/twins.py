"""A page's twin for programs: the same values as JSON. Pure."""

from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from typing import Any

import orjson

from upheld.web.trust.pages import Page
from upheld.web.trust.public import Public
from upheld.web.year import Year


def twin(page: Page, public: Public) -> bytes:
    """Return what `page` shows as JSON, with whose it is."""
    said = {"company": public.company, "day": public.day.isoformat(), "page": page.path, "shows": plain(page.shows)}
    if public.notices:
        said["notices"] = list(public.notices)
    return orjson.dumps(said, option=orjson.OPT_INDENT_2)


def plain(value: Any) -> Any:
    """Return `value` as JSON holds it: instants in UTC, a year as its stretches of days, a mapping by its keys' words."""
    if isinstance(value, Year):
        return [{"state": run.state and run.state.value, "from": f"{run.first}", "until": f"{run.last}"} for run in value.runs]
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value) if each.name not in ("html", "slug")}
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value
