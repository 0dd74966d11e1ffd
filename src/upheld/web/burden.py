"""How old what fails is, and to whom it falls: the two charts above the list of findings."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from upheld.checks.measure import Measure, Severity
from upheld.duties.holders import holders
from upheld.duties.policy import policy
from upheld.registers.findings.models import Care
from upheld.registers.staff import names
from upheld.verdicts.models import Finding

AGES = (  # days, and what is not older is called
    (7, gettext_lazy("up to a week")),
    (30, gettext_lazy("up to 30 days")),
    (90, gettext_lazy("up to 90 days")),
    (None, gettext_lazy("older")),
)
MOST_PEOPLE = 8


@dataclass(frozen=True)
class Piece:
    """A piece of a bar: so many findings of one severity, from `x` on, in hundredths of the longest bar."""

    severity: str
    count: int
    x: float
    width: float

    @property
    def colour(self) -> str:
        """The class of the sheet that it is drawn in: those of states, which are told apart in the dark, too."""
        return {"critical": "broken", "high": "at-risk", "medium": "excepted"}.get(self.severity, "unproven")


@dataclass(frozen=True)
class Amount:
    """One bar of a chart."""

    label: str
    count: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Burden:
    """Open findings by age, and by who has to mend them; who has most comes first. One that falls to several counts for each."""

    by_age: tuple[Amount, ...]
    by_person: tuple[Amount, ...]


def burden(found: "QuerySet[Finding]", measures: Mapping[str, Measure], now: datetime) -> Burden | None:
    """Return the charts of the open findings `found`, of `measures`; None where there are none. Two queries, and those for names."""
    ages = [Q(first_seen_at__gt=now - timedelta(days=days)) if days else Q() for days, _label in AGES]
    upto = {f"upto_{place}": Count("pk", filter=each) for place, each in enumerate(ages)}
    rows = list(found.order_by().values("measure").annotate(**upto))
    if not rows:
        return None
    return Burden(_bars(_aged(rows, measures)), _bars(_carried(rows, found, measures, now)))


def _aged(rows: Iterable[Mapping[str, object]], measures: Mapping[str, Measure]) -> list[tuple[str, Counter[str]]]:
    aged = [(str(label), Counter[str]()) for _days, label in AGES]
    for row in rows:
        younger = 0
        for place, (_label, counts) in enumerate(aged):
            upto = _number(row[f"upto_{place}"])
            counts[measures[str(row["measure"])].severity] += upto - younger
            younger = upto
    return aged


def _carried(
    rows: Iterable[Mapping[str, object]], found: "QuerySet[Finding]", measures: Mapping[str, Measure], now: datetime
) -> list[tuple[str, Counter[str]]]:
    same = found.filter(measure=OuterRef("measure"), subject=OuterRef("subject"))
    cared = list(Care.objects.filter(Exists(same)).order_by().values_list("measure", "person").annotate(count=Count("pk")))
    left = {str(row["measure"]): _number(row[f"upto_{len(AGES) - 1}"]) for row in rows}
    load: dict[str, Counter[str]] = {}
    for name, person, count in cared:
        load.setdefault(person, Counter())[measures[name].severity] += count
        left[name] -= count
    said, held = policy(), holders(now)
    for name, count in left.items():
        for person in held.of(said.answers(measures[name])):
            load.setdefault(person, Counter())[measures[name].severity] += count
    who = names(set(load))
    ordered = sorted(((who[person], counts) for person, counts in load.items() if counts.total()), key=_most_first)
    return _few(ordered)


def _most_first(each: tuple[str, Counter[str]]) -> tuple[int, str]:
    return -each[1].total(), each[0]


def _few(ordered: list[tuple[str, Counter[str]]]) -> list[tuple[str, Counter[str]]]:
    shown, rest = ordered[:MOST_PEOPLE], ordered[MOST_PEOPLE:]
    if rest:
        label = ngettext("%(count)s other", "%(count)s others", len(rest)) % {"count": len(rest)}
        shown.append((label, sum((counts for _label, counts in rest), Counter[str]())))
    return shown


def _bars(amounts: list[tuple[str, Counter[str]]]) -> tuple[Amount, ...]:
    longest = max((counts.total() for _label, counts in amounts), default=0) or 1
    return tuple(Amount(label or _("nobody"), counts.total(), tuple(_pieces(counts, longest))) for label, counts in amounts)


def _pieces(counts: Counter[str], longest: int) -> Iterable[Piece]:
    x = 0.0
    for severity in reversed(Severity):
        if count := counts[severity]:
            width = 100 * count / longest
            yield Piece(severity.value, count, round(x, 2), round(width, 2))
            x += width


def _number(value: object) -> int:
    assert isinstance(value, int)
    return value
