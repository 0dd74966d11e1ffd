"""Promises of which nothing was read yet: told together, by section, with the sources that would tell of most of them."""

import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from upheld import workspace
from upheld.checks.measure import Measure
from upheld.checks.schema import inputs
from upheld.checks.verdict import State
from upheld.sources import configured
from upheld.sources.source import kind, names
from upheld.verdicts.measures import measures_of
from upheld.verdicts.standing import DocumentStanding, PromiseStanding

_MOST = 6
# These are there by themselves, invented, or for what no other kind reads.
_NEVER_NEXT = frozenset({"documents", "list", "product", "sample", "verdicts"})
_BY_HAND = "registers"


def untold(promise: PromiseStanding) -> bool:
    """Whether `promise` is unproven, and nothing at all of what any of its measures needs was read and judged.

    One that rests on no measure is not: no source would tell of it.
    """
    return (
        promise.state is State.UNPROVEN
        and bool(promise.measures)
        and not any(each.verdict and each.verdict.evidence for each in promise.measures)
    )


def untold_lines(document: DocumentStanding, some: Sequence[PromiseStanding]) -> Iterator[str]:
    """Yield, section by section, which of `document` are `some` promises of which nothing was read."""
    titles = {section.number: section.title for section in document.document.sections}
    for number, title in titles.items():
        if mine := [each.promise.id.partition(":")[2] for each in some if each.promise.section == number]:
            start = f"    {title}: "
            yield textwrap.fill(", ".join(mine), 110, initial_indent=start, subsequent_indent="      ", break_on_hyphens=False)


def next_lines(some: Iterable[PromiseStanding]) -> Iterator[str]:
    """Yield what to do next: the kinds of source that would tell of most of `some` promises, and how to begin with one."""
    would_tell = told_by(some, measures_of(workspace.current())[0])
    there, alike = {each.kind for each in configured.in_use()}, dict[frozenset[str], list[str]]()
    for name, _number in would_tell.most_common():
        if name not in there:
            alike.setdefault(frozenset(kind(name).tables), []).append(name)
    if not alike:
        return
    yield "What would tell of most of these (some need more than one):"
    for first, *others in list(alike.values())[:_MOST]:
        how = "kept by people: upheld serve, or upheld act" if first == _BY_HAND else f"upheld source add NAME {first} ..."
        yield f"  {would_tell[first]:4}  {kind(first).title}: {how}" + (f" (or {', '.join(others)})" if others else "")
    yield "upheld source kinds KIND says what one needs; any table can also be brought as a list (kind list). Then: upheld run"


def told_by(some: Iterable[PromiseStanding], measures: Mapping[str, Measure]) -> Counter[str]:
    """Return of how many of `some` promises each kind of source would tell something that their measures need."""
    fills = {name: frozenset(kind(name).tables) for name in names() if name not in _NEVER_NEXT}
    found: Counter[str] = Counter()
    for promise in some:
        rests_on = [measures[each.id] for each in promise.measures if each.id in measures]
        needed = {table for each in rests_on for name in set(each.tables) - set(each.optional) for table in inputs(name)}
        found.update(name for name, tables in fills.items() if tables & needed)
    return found
