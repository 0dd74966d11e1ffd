"""What the Trust Center says: plain values, from which every page, its machine-readable twin and the feeds are made. Pure."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property

from upheld.checks.verdict import State
from upheld.registers.trust.models import Shown
from upheld.web.year import Year

TESTED, ATTESTED, NOT_TESTED = "tested", "attested", "not tested"


@dataclass(frozen=True)
class Means:
    """One measure that a promise rests on, in plain words. Numbers of subjects are None, and `entry` is "", where not shown.

    `way` says whether it is tested on systems and records, vouched for by people, or not tested yet; `entry` is the id of the
    ledger's entry that says how it stands.
    """

    title: str
    fact: str
    way: str
    state: State
    since: datetime | None
    looked_at: datetime | None
    subjects: int | None = None
    passing: int | None = None
    failing: int | None = None
    unknown: int | None = None
    excepted: int | None = None
    entry: str = ""


@dataclass(frozen=True)
class Turn:
    """That something came to stand as `state`, at an instant."""

    at: datetime
    state: State


@dataclass(frozen=True)
class PublicPromise:
    """One sentence. All but the sentence is empty where `shown` is `Shown.SENTENCE`: how it stands is then nobody's to read here.

    `proven_at` is when it was last seen to hold, None for never; `looked_at` when all that it rests on was looked at last, None where
    not all of it ever was; `turns` are the changes of its state in the last year, oldest first.
    """

    id: str
    slug: str
    section: str
    text: str
    label: str
    clauses: tuple[str, ...]
    shown: Shown
    state: State | None = None
    since: datetime | None = None
    proven_at: datetime | None = None
    looked_at: datetime | None = None
    way: str = ""
    year: Year | None = None
    turns: tuple[Turn, ...] = ()
    means: tuple[Means, ...] = ()

    @property
    def path(self) -> str:
        """Where its page is."""
        return f"promises/{self.slug}/"


@dataclass(frozen=True)
class PublicSection:
    """A heading, and the sentences right under it; `deep` where it lies within another."""

    number: str
    title: str
    deep: bool
    promises: tuple[PublicPromise, ...]

    @property
    def heading(self) -> str:
        """The heading as it is printed: with its number, if it is one."""
        return f"{self.number} {self.title}" if self.number[:1].isdigit() else self.title


@dataclass(frozen=True)
class PublicVersion:
    """That a version of a document was published: `changed` promises were worded anew, `added` and `removed` since the one before.

    `first` where nothing was published before it; `entry` is the id of the ledger's entry that says so. Texts of earlier versions are not
    here: what was taken out of a document stays out.
    """

    version: str
    published_at: datetime
    digest: str
    entry: str
    first: bool
    changed: int
    added: int
    removed: int


@dataclass(frozen=True)
class PublicDocument:
    """A document as published. What breaks is shown as it stood before for `grace_hours` at most.

    `entry` is the id of the ledger's entry that says that it was published, `digest` the SHA-256 of all that it says; `judged_at` when
    something was last looked at on which a state rests that is shown, None for never: the one instant that its files are dated by.
    `versions` are those published in the last year and the one in force, newest first.
    """

    id: str
    title: str
    version: str
    language: str
    intro: str
    published_at: datetime
    digest: str
    entry: str
    grace_hours: int
    judged_at: datetime | None
    sections: tuple[PublicSection, ...]
    versions: tuple[PublicVersion, ...] = ()

    @property
    def path(self) -> str:
        """Where its page is."""
        return f"documents/{self.id}/"

    @cached_property
    def promises(self) -> tuple[PublicPromise, ...]:
        """Every sentence, in published order."""
        return tuple(promise for section in self.sections for promise in section.promises)

    @cached_property
    def counts(self) -> dict[State, int]:
        """How many promises are in each state, best first; those whose state is not shown are in none."""
        found = Counter(each.state for each in self.promises)
        return {state: found[state] for state in reversed(State)}

    @cached_property
    def ways(self) -> dict[str, int]:
        """How many promises are tested, rest on people's word, or are not tested in full."""
        found = Counter(each.way for each in self.promises)
        return {way: found[way] for way in (TESTED, ATTESTED, NOT_TESTED)}

    @property
    def hidden(self) -> int:
        """How many promises there are whose state is not shown."""
        return sum(each.state is None for each in self.promises)


@dataclass(frozen=True)
class PublicPolicy:
    """A policy that anybody may read: `html` is its text, `digest` that of the text as published."""

    name: str
    title: str
    kind: str
    number: int
    published_at: datetime
    digest: str
    text: str
    html: str

    @property
    def path(self) -> str:
        """Where its page is."""
        return f"policies/{self.name}/"


@dataclass(frozen=True)
class PublicShare:
    """Somebody who processes customers' data, or to whom they go: for what, which data, and in which countries.

    `announced_at` is when customers were told last, `planned_on` the day from which it shall be so, None where it is so already.
    """

    kind: str
    name: str
    title: str
    purpose: str
    categories: tuple[str, ...]
    countries: tuple[str, ...]
    safeguards: str
    for_some: bool
    announced_at: datetime | None
    planned_on: date | None
    started_on: date | None
    ended_on: date | None


@dataclass(frozen=True)
class PublicDestination:
    """A country that personal data may go to, and why; `until` is when it was taken off the list, None while it is on it."""

    country: str
    organisation: str
    why: str
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True)
class PublicCertificate:
    """A certificate: the standard, what it covers, who issued it, and for how long. `in_force` as of the day the page was made."""

    standard: str
    scope: str
    body: str
    serial: str
    issued_on: date
    until_on: date
    withdrawn_on: date | None
    in_force: bool


@dataclass(frozen=True)
class Said:
    """A piece of a notice: when, and what."""

    at: datetime
    text: str


@dataclass(frozen=True)
class PublicNews:
    """A notice for everybody, with what was said later, oldest first."""

    number: int
    title: str
    said: tuple[Said, ...]
    over_at: datetime | None


@dataclass(frozen=True)
class Change:
    """One thing that became otherwise: `key` names it for ever, `page` is the path of what it is about."""

    key: str
    kind: str
    at: datetime
    title: str
    text: str
    page: str

    @property
    def day(self) -> date:
        """The day on which it was, in UTC."""
        return self.at.astimezone(UTC).date()


@dataclass(frozen=True)
class Checkpoint:
    """What the ledger stood at: its note with all cosignatures, the key that it is trusted by, and how many entries it covers."""

    note: str
    key: str
    origin: str
    size: int
    rotations: str


@dataclass(frozen=True)
class Public:
    """All that may be read here. `day` is the day as of which years end; `address` the one that the product is reached at, "" for none,

    and `home` the one that all this is read at, which ends in a slash. `notices` are what every page must say first, as of data that
    are a sample; `for_customers` whether customers alone may read it.
    """

    company: str
    about: str
    language: str
    contact: str
    contact_until_on: date
    reporting_policy: str
    address: str
    home: str
    day: date
    documents: tuple[PublicDocument, ...]
    policies: tuple[PublicPolicy, ...]
    shares: tuple[PublicShare, ...]
    destinations: tuple[PublicDestination, ...]
    certificates: tuple[PublicCertificate, ...]
    news: tuple[PublicNews, ...]
    changes: tuple[Change, ...] = ()
    notices: tuple[str, ...] = ()
    for_customers: bool = False
