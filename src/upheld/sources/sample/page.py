"""The page of documentation about the sample company, made from the faults as they are planted."""

from collections.abc import Sequence

from upheld.sources.sample.faults import FAULTS, UNSEEN

_HEAD = """# `sample`: a company that does not exist

Fills every table that shipped measures read about people, systems and machines, so that the product can be tried before anything is
connected. `upheld demo` uses it, and lets its people keep [registers](sample_registers.md). Names, addresses and faults
are invented; every page says so while such a source is in use.

    upheld source add sample sample seed=1 people=150

| setting | meaning | when empty |
|---|---|---|
| `seed` | whatever the company is to be made from; the same seed gives the same company | `1` |
| `people` | how many people, from 60 to 100000 | `150` |

**Least rights**: none, since nothing is contacted.

150 people in two offices (employees, contractors, people who join, leave and come back, two with one name), twelve systems with some 660
accounts, and what is known of them: groups within groups, rights and who asked for them, devices, keys, backups, commits. Ages refer to the
first collection, so that it looks the same on any day; a later collection differs only by what happened since: people sign in, backups are
taken, commits land. Identifiers do not depend on the seed, so that the faults below are planted in every company. What the company decided
(which clocks to follow) is in `parameters.toml` beside the code; `upheld demo` puts it into its workspace.

## Planted faults
Everything else is right: the subjects below fail, and no others do. They are named as with a source called `sample`.
"""


def page() -> str:
    """Return the whole page, in Markdown."""
    now = [(fault.wrong, fault.breaks) for fault in FAULTS if fault.breaks]
    soon = [(fault.wrong, fault.soon) for fault in FAULTS if fault.soon]
    parts = [_HEAD, _table("what is wrong", "measure", "failing subject", now)]
    parts += ["\n## Faults to come\nThese still pass, and will fail within a week of the first collection.\n"]
    parts += [_table("what will be wrong", "measure", "subject", soon)]
    parts += ["\n## What cannot be seen\nThe sample's systems do not tell everything; what was not seen is not proven.\n"]
    parts += ["| what | why | measure |\n|---|---|---|"]
    for each in UNSEEN:
        what = f"`{each.table}.{each.column}`" if each.column else f"the rest of `{each.table}`"
        parts.append(f"| {what} | {each.why} | `{each.measure}` |")
    parts += [f"| who holds what | {fault.wrong} | `{name}` |" for fault in FAULTS for name in fault.blurs]
    return "\n".join(parts) + "\n"


def _table(wrong: str, measure: str, subject: str, faults: Sequence[tuple[str, Sequence[tuple[str, str]]]]) -> str:
    lines = [f"| {wrong} | {measure} | {subject} |", "|---|---|---|"]
    for said, breaks in faults:
        lines += [f"| {said if at == 0 else ''} | `{name}` | `{key}` |" for at, (name, key) in enumerate(breaks)]
    return "\n".join(lines)
