"""The page docs/actions.md, written from the declarations by `python docs/make_actions.py`."""

from collections.abc import Iterator
from typing import Any

from upheld.actions.declaring import Action, declared


def page() -> str:
    """Return the page. Needs Django set up."""
    lines = [
        "# Actions",
        "",
        "Everything that can be done to registers, by form, by the API and by `upheld act`. Made from the declarations by",
        "`python docs/make_actions.py`; a test fails when it is out of date.",
    ]
    chapter = ""
    for action in declared().values():
        if action.chapter != chapter:
            chapter = action.chapter
            lines += ["", f"## {chapter.capitalize()}"]
        lines += ["", *_section(action)]
    return "\n".join(lines) + "\n"


def _section(action: Action[..., Any]) -> Iterator[str]:
    yield f"### {action.name}"
    yield ""
    yield action.meaning
    yield ""
    made = f"nothing; it makes a new {action.makes._meta.verbose_name}"
    yield f"- Done to: {'a ' + str(action.on._meta.verbose_name) if action.on else made}"
    yield f"- By: {', '.join(sorted(action.by))}"
    if action.apart_from:
        yield f"- Never by whoever did: {', '.join(action.apart_from)}"
    for each in action.parameters:
        words = type(each.kind).__name__.lower() + ("" if each.required else ", optional")
        yield f"- `{each.name}` ({words}){': ' + each.meaning if each.meaning else ''}"
