"""Gathering what is public, or shown to customers: from verdicts, documents, registers and the ledger, and nothing else of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from itertools import pairwise

from django.conf import settings
from django.db.models import Q
from django.utils import translation

from upheld import clock, workspace
from upheld.checks.verdict import State
from upheld.documents.catalogue import Known
from upheld.documents.document import Document
from upheld.documents.published import Published, every
from upheld.registers.trust import levels
from upheld.registers.trust.models import PromiseShown, Shown, TrustCenter
from upheld.sources import configured
from upheld.verdicts import standing
from upheld.verdicts.measures import known_of
from upheld.verdicts.models import MeasureVerdict
from upheld.verdicts.public import grace_of, public_documents
from upheld.verdicts.standing import DocumentStanding, MeasureStanding, PromiseStanding
from upheld.web.templatetags.upheld import anchor
from upheld.web.trust import changing, domain, kept
from upheld.web.trust.public import ATTESTED, NOT_TESTED, TESTED, Means, Public, PublicDocument, PublicPromise, PublicSection, PublicVersion
from upheld.web.trust.rolling import Interval, last_proven, shown, turns
from upheld.web.year import DAYS, Stretch, Year, of_days, places

_COLUMNS = ("measure", "state", "from_at", "judged_until_at", "until_at", "entry_id")

_NEVER_SHOWN = ("evidence", "untested", "digests", "outcomes")


@dataclass(frozen=True)
class Audience:
    """Whom something is gathered for: everybody, or customers; in which language, "" for that of the Trust Center."""

    customers: bool = False
    language: str = ""


EVERYBODY, CUSTOMERS = Audience(), Audience(customers=True)


def center() -> TrustCenter | None:
    """Return the Trust Center that is open; None where there is none."""
    return TrustCenter.objects.filter(closed_at=None).first()


def gather(its: TrustCenter, audience: Audience = EVERYBODY) -> Public:
    """Return all that `audience` may read now."""
    now = clock.now()
    today = now.astimezone(UTC).date()
    language = audience.language or its.language
    with translation.override(language):
        found = Public(
            company=its.company,
            about=its.about,
            language=language,
            contact=its.contact,
            contact_until_on=its.contact_until_on,
            reporting_policy=its.reporting_policy,
            address=settings.ADDRESS,
            home=domain.home(),
            day=today,
            documents=_Documents(its, audience, now, today).all(),
            policies=kept.policies(),
            shares=kept.shares(),
            destinations=kept.destinations(),
            certificates=kept.certificates(today),
            news=kept.news(),
            notices=tuple(configured.notices(configured.read_last())),
            for_customers=audience.customers,
        )
        return changing.with_changes(found, now)


def _version(before: Published | None, each: Published) -> PublicVersion:
    counts = _different(before.document if before else None, each.document)
    return PublicVersion(each.document.version, each.published_at, each.document.digest, each.entry_id, before is None, *counts)


def _different(before: Document | None, after: Document) -> tuple[int, int, int]:
    """How many promises of `after` say something else than before, how many are new, and how many are gone."""
    old, new = ({promise.id: promise.text for promise in each.promises} if each else {} for each in (before, after))
    return sum(old[name] != text for name, text in new.items() if name in old), len(new.keys() - old.keys()), len(old.keys() - new.keys())


@dataclass(frozen=True)
class _Documents:
    """Gathers documents as published; what is read for all of them is read once."""

    center: TrustCenter
    audience: Audience
    now: datetime
    today: date
    _read: dict[tuple[str, timedelta], tuple[list[Interval], bytes]] = field(default_factory=dict, repr=False, compare=False)

    def all(self) -> tuple[PublicDocument, ...]:
        """Return every document that was published, as its text was then."""
        published = {document: its for document, its in every().items() if its and its[-1].until_at is None}
        verdicts = MeasureVerdict.objects.filter(until_at=None).defer(*_NEVER_SHOWN)
        documents = (each for each in public_documents(verdicts) if each.document.id in published)
        return tuple(self._document(each, published[each.document.id]) for each in documents)

    @cached_property
    def _shown(self) -> dict[str, PromiseShown]:
        return levels.apart()

    @cached_property
    def _known(self) -> dict[str, Known]:
        return known_of(workspace.current())

    @cached_property
    def _intervals(self) -> dict[str, list[Interval]]:
        """The intervals of each measure that reach into the last year, oldest first; unproven where the ledger does not say so."""
        begins = self.now - timedelta(days=DAYS)
        kept = MeasureVerdict.objects.filter(Q(until_at=None) | Q(until_at__gte=begins)).order_by("measure", "from_at")
        rows = list(kept.values_list(*_COLUMNS))
        entered = standing.as_entered(row[-1] for row in rows)
        found: dict[str, list[Interval]] = {}
        for measure, state, from_at, seen_until_at, until_at, entry in rows:
            as_said = entered.get(entry) == (measure, state)
            shown_as = State(state) if as_said or state == State.BROKEN else State.UNPROVEN
            found.setdefault(measure, []).append(Interval(shown_as, from_at, seen_until_at, until_at))
        return found

    def _document(self, each: DocumentStanding, versions: Sequence[Published]) -> PublicDocument:
        published = versions[-1]
        document, grace = each.document, grace_of(each.document.id)
        by_section: dict[str, list[PublicPromise]] = {}
        for promise in each.in_language(translation.get_language()).promises:
            by_section.setdefault(promise.promise.section, []).append(self._promise(promise, grace))
        worded = document.in_language(translation.get_language())
        return PublicDocument(
            id=document.id,
            title=worded.title,
            version=document.version,
            language=worded.language,
            intro=worded.intro,
            published_at=published.published_at,
            digest=document.digest,
            entry=published.entry_id,
            grace_hours=int(grace.total_seconds() // 3600),
            judged_at=self._judged_at(each),
            sections=tuple(
                PublicSection(section.number, section.title, "." in section.number, tuple(by_section.get(section.number, ())))
                for section in worded.sections
            ),
            versions=self._versions(versions),
        )

    def _versions(self, versions: Sequence[Published]) -> tuple[PublicVersion, ...]:
        begins, last = self.now - timedelta(days=DAYS), versions[-1]
        found = [(before, each) for before, each in pairwise([None, *versions]) if each and (each is last or each.published_at >= begins)]
        return tuple(_version(before, each) for before, each in reversed(found))

    def _judged_at(self, document: DocumentStanding) -> datetime | None:
        shown = (each for each in document.promises if self._level(each) is not Shown.SENTENCE)
        looked = [measure.verdict.judged_until_at for each in shown for measure in each.measures if measure.verdict]
        return max(looked, default=None)

    def _level(self, each: PromiseStanding) -> Shown:
        return levels.level(each.promise.id, self.center, self._shown, customers=self.audience.customers)

    def _promise(self, each: PromiseStanding, grace: timedelta) -> PublicPromise:
        said = each.promise
        level = self._level(each)
        sentence = PublicPromise(said.id, anchor(said.id), said.section, said.text, said.label, said.clauses, level)
        if level is Shown.SENTENCE:
            return sentence
        intervals = [self._shown_of(measure.id, grace) for measure in each.measures]
        turned = turns(intervals)
        return replace(
            sentence,
            state=each.state,
            since=turned[-1].at if turned and turned[-1].state is each.state else each.since,
            proven_at=last_proven(intervals, each.state),
            looked_at=each.judged_at,
            way=self._way(each),
            year=self._year([measure.id for measure in each.measures], grace),
            turns=tuple(turned),
            means=tuple(self._means(measure, level) for measure in each.measures) if level.rank >= Shown.MEANS.rank else (),
        )

    def _shown_of(self, measure: str, grace: timedelta) -> list[Interval]:
        """The intervals of a measure that are shown; many promises rest on one."""
        if (measure, grace) not in self._read:
            its = shown(self._intervals.get(measure, []), grace)
            days = places((Stretch(each.state, each.from_at, each.seen_until_at) for each in its), self.today)
            self._read[measure, grace] = its, days
        return self._read[measure, grace][0]

    def _year(self, measures: Sequence[str], grace: timedelta) -> Year:
        several = [days for its, days in (self._read[measure, grace] for measure in measures) if its]
        return of_days(several, untested=len(several) < len(measures), today=self.today)

    def _way(self, each: PromiseStanding) -> str:
        if not each.measures or any(measure.verdict is None for measure in each.measures):
            return NOT_TESTED
        return ATTESTED if any(self._way_of(measure) == ATTESTED for measure in each.measures) else TESTED

    def _way_of(self, measure: MeasureStanding) -> str:
        if measure.verdict is None:
            return NOT_TESTED
        known = self._known.get(measure.id)
        return ATTESTED if known is not None and known.kind == ATTESTED else TESTED

    def _means(self, measure: MeasureStanding, level: Shown) -> Means:
        known, verdict = self._known.get(measure.id), measure.verdict
        told = verdict if level is Shown.NUMBERS else None
        title = known.title if known else measure.id.partition("/")[2].replace("_", " ")
        return Means(
            title=title[:1].upper() + title[1:],
            fact=known.fact if known else "",
            way=self._way_of(measure),
            state=measure.state,
            since=verdict.from_at if verdict else None,
            looked_at=verdict.judged_until_at if verdict else None,
            subjects=told.population if told else None,
            passing=told.passed if told else None,
            failing=told.failed if told else None,
            unknown=told.unknown if told else None,
            excepted=told.excepted if told else None,
            entry=told.entry_id if told else "",
        )
