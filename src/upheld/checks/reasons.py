"""The reason of a verdict: one or two sentences with numbers, that people read on pages."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from upheld.checks.engines.tally import Tally
from upheld.checks.evidence import Evidence
from upheld.checks.measure import Measure
from upheld.checks.verdict import Outcome
from upheld.checks.words import instant, listed, sentence
from upheld.evidence.collection import Gap


def broken(tally: Tally, noun: str) -> str:
    """3 of 412 accounts fail: ada (last used 3 May 2025), bob (never used) and carl (never used)."""
    failing = [each for each in tally.failing if not each.excepted]
    said = f"{_share(tally.failed, tally.population, noun)} {_verb(tally.failed, 'fail')}: {_named(failing, tally.failed)}."
    also = []
    if tally.excepted:
        also.append(f"{tally.excepted:,} more {_verb(tally.excepted, 'fail')} under an approved exception")
    if tally.unknown:
        also.append(f"{tally.unknown:,} {_verb(tally.unknown, 'are')} unknown")
    return f"{said} {sentence(' and '.join(also))}" if also else said


def unknown(tally: Tally, noun: str, gaps: Sequence[tuple[str, Gap]]) -> str:
    """Of 412 accounts, 5 cannot be judged: ada (...). ldap-main would not show accounts.has_mfa: no read access."""
    said = f"{_share(tally.unknown, tally.population, noun)} cannot be judged: {_named(tally.unknowns, tally.unknown)}."
    because = [f"{source} {_gap(gap)}" for source, gap in gaps]
    return f"{said} {sentence(listed(because, 2))}" if because else said


def empty(noun: str) -> str:
    """Nothing was in scope."""
    return f"There is nothing to judge: no {noun} are in scope, and 0 of 0 proves nothing."


def excepted(tally: Tally, noun: str, until: Mapping[str, datetime]) -> str:
    """2 of 412 accounts fail under approved exceptions: ada (...). The first exception ends on 3 May 2026, 00:00 UTC; the others pass."""
    ends = min((until[each.subject] for each in tally.failing if each.subject in until), default=None)
    said = f"{_share(tally.excepted, tally.population, noun)} {_verb(tally.excepted, 'fail')} under approved exceptions: "
    said += f"{_named(tally.failing, tally.excepted)}."
    first = f" The first exception ends on {instant(ends)}." if ends else ""
    return f"{said}{first}"


def at_risk(tally: Tally, noun: str) -> str:
    """All 12 systems pass, but this breaks on 14 March 2026, 09:12 UTC: crm (last proven 2025-12-14)."""
    assert tally.flips_at is not None, "at risk means that there is a flip ahead"
    label, detail = tally.flipping
    return f"{passing(tally, noun, '')[:-1]}, but this breaks on {instant(tally.flips_at)}: {_with(label, detail)}."


def passing(tally: Tally, noun: str, may_be_empty: str) -> str:
    """All 412 accounts pass."""
    if not tally.population:
        return f"There are no {noun} in scope, which is fine here: {sentence(may_be_empty)}"
    return f"All {tally.population:,} {noun} pass." if tally.population > 1 else f"The only one of {noun} in scope passes."


def untested(evidence: Evidence) -> str:
    """Not tested, as no source fills them: api_tokens."""
    return f" Not tested, as no source fills it: {listed(evidence.untested)}." if evidence.untested else ""


def noun(measure: Measure, titles: Mapping[str, str]) -> str:
    """What the subjects are called: the title of the table that the query begins from, else "subjects"."""
    return titles.get(measure.subjects, "subjects").lower()


def _share(some: int, population: int, noun: str) -> str:
    return f"{some:,} of {population:,} {noun}"


def _verb(count: int, plural: str) -> str:
    if count != 1:
        return plural
    return {"fail": "fails", "are": "is"}[plural]


def _named(outcomes: Sequence[Outcome], total: int, most: int = 3) -> str:
    shown = [_with(each.label, each.detail) for each in outcomes[:most]]
    if total > len(shown):
        shown.append(f"{total - len(shown):,} more")
    return listed(shown, most + 1) if shown else "none by name"


def _with(label: str, detail: str) -> str:
    return f"{label} ({detail.rstrip('.')})" if detail else label


def _gap(gap: Gap) -> str:
    did = "was refused" if gap.kind == "denied" else "cannot tell"
    return f"{did} {gap.table}.{gap.column} ({gap.why.rstrip('.')})"
