"""Playbooks as incidents use them: the tasks of a published text are the steps, and who answers for a role does them.

A playbook is a document that people write in the chapter governance. Each `- [ ] role: what to do` in it is a step; `role:` is the
short name of a responsibility, and may be left out; a step that ends in `(optional)` may be left undone.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.apps import apps
from django.db.models import Model

_TASK = re.compile(r"^ {0,3}[-*+] \[[ xX]\] +(?:(?P<role>[a-z0-9][a-z0-9-]{0,59}): +)?(?P<words>\S.*?)\s*$", re.MULTILINE)
_OPTIONAL = re.compile(r"\s*\(optional\)$", re.IGNORECASE)
_FENCED = re.compile(r"^(```|~~~).*?(^\1|\Z)", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class PlaybookStep:
    """What a playbook says is to be done, by whom ("": whoever leads), and whether it must be."""

    words: str
    role: str
    mandatory: bool


def steps(text: str) -> list[PlaybookStep]:
    """Return the steps in the Markdown `text`, in order."""
    found = _TASK.finditer(_FENCED.sub("", text))
    return [PlaybookStep(_OPTIONAL.sub("", each["words"]), each["role"] or "", not _OPTIONAL.search(each["words"])) for each in found]


def published(names: Iterable[str]) -> Mapping[str, str]:
    """Return the text in force of each of the playbooks `names` that has one. Chapters know one another by name only."""
    versions = _model("PolicyVersion")._default_manager.filter(policy__name__in=set(names), policy__kind="playbook", state="published")
    return dict(versions.values_list("policy__name", "published_text"))


def is_playbook(name: str) -> bool:
    """Return whether there is a playbook called `name`, published or not."""
    found: bool = _model("Policy")._default_manager.filter(name=name, kind="playbook", retired_at=None).exists()
    return found


def holders(roles: Iterable[str], day: date) -> Mapping[str, str]:
    """Return who does what a role has to do on `day`, by role: who is responsible for it, else who answers for it."""
    parts = _model("Holding")._default_manager.filter(
        responsibility__name__in=set(roles), part__in=("accountable", "responsible"), from_on__lte=day
    )
    held = parts.exclude(until_on__lt=day).order_by("part", "-from_on").values_list("responsibility__name", "person")
    return dict(held.values_list("responsibility__name", "person"))


def _model(name: str) -> type[Model]:
    return apps.get_model("registers", name)
