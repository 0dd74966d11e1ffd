"""The Trust Center's own words for what is counted and drawn, in the language of the page."""

from collections import Counter

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from upheld.checks.verdict import State
from upheld.exports.papers.paper import not_shown
from upheld.web import wording
from upheld.web.trust.changing import CERTIFICATE, DOCUMENT, NOTICE, POLICY, PROMISE, SHARE
from upheld.web.trust.pages import Stands
from upheld.web.trust.public import ATTESTED, NOT_TESTED, TESTED, Means
from upheld.web.year import DAYS, STEP, Year

state = wording.state


def year(of: Year) -> str:
    """Return on how many days of the year it stood how."""
    counts: Counter[State | None] = Counter()
    for run in of.runs:
        counts[run.state] += run.width // STEP
    parts = [f"{state(each)}: {_days(counts[each])}" for each in reversed(State) if counts[each]]
    if counts[None]:
        parts.append(f"{_('not looked at')}: {_days(counts[None])}")
    return _("The last %(days)d days: %(said)s") % {"days": DAYS, "said": ", ".join(parts)}


def _days(number: int) -> str:
    return ngettext("%(number)d day", "%(number)d days", number) % {"number": number}


def subjects(number: int) -> str:
    """Return how many subjects."""
    return ngettext("%(number)d subject", "%(number)d subjects", number) % {"number": number}


def way(of: str) -> str:
    """Return what a state rests on."""
    return {
        TESTED: _("Tests on systems and records"),
        ATTESTED: _("Tests, and in part people's word"),
        NOT_TESTED: _("Not tested in full yet, and so unproven"),
    }[of]


def looked(means: Means) -> str:
    """Return how a measure is judged, when last, and, where numbers are shown, on how many subjects."""
    if means.looked_at is None:
        return _("Not tested yet.")
    how = _("Vouched for by people") if means.way == ATTESTED else _("Tested")
    parts = [_("%(how)s, last on %(at)s") % {"how": how, "at": wording.instant(means.looked_at)}]
    if means.subjects is not None and means.passing is not None:
        parts.append(_("%(passing)d of %(all)s pass") % {"passing": means.passing, "all": subjects(means.subjects)})
    return " · ".join(parts)


def kind(of: str) -> str:
    """Return what a kind of change is called."""
    return {
        NOTICE: _("Notices, as of incidents"),
        SHARE: _("Sub-processors and transfers"),
        PROMISE: _("How promises stand"),
        DOCUMENT: _("New versions of documents"),
        POLICY: _("Policies"),
        CERTIFICATE: _("Certificates"),
    }[of]


def honest_line(stands: Stands) -> str:
    """Return how many promises there are and how many of them hold, in one sentence that counts nothing as upheld which is not shown."""
    upheld = stands.counts.get(State.UPHELD, 0)
    if not stands.total:
        return _("Nothing was published here yet.")
    if stands.hidden == stands.total:
        return not_shown(stands.total)
    return ngettext("%(upheld)d of %(total)d promises is upheld.", "%(upheld)d of %(total)d promises are upheld.", upheld) % {
        "total": stands.total,
        "upheld": upheld,
    }
