"""A finished review of rights as one PDF: every item with what was decided, by whom and why, and how to verify it."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from upheld.actions.models import Step
from upheld.exports.papers.paper import instant
from upheld.exports.papers.pdf import code
from upheld.exports.papers.typeset import pdf
from upheld.exports.papers.vouching import ledger_facts, note
from upheld.exports.position import ExportError
from upheld.ledger import lookup, store
from upheld.registers.authorization.kinds import Decision
from upheld.registers.authorization.review_models import AccessReview, ReviewDecision, ReviewItem, frozen
from upheld.registers.staff import names


def review_pdf(review: AccessReview, language: str) -> bytes:
    """Return the finished `review` as PDF/A-2a and PDF/UA-1; it names people. Raises `ExportError` for one that is not finished."""
    log = store.current()
    if review.finished_at is None or log is None:
        raise ExportError(f"{review} is not finished: {review.items_of.count():,} items were to be decided; finish it first")
    decided = {each.number: each for each in ReviewDecision.objects.filter(review=review)}
    who = names({each.decided_by for each in decided.values()} | {review.opened_by, review.finished_by} - {""})
    with override(language):
        values = {
            "language": language,
            "author": log.origin.partition("/")[0],
            "title": review.title,
            "running": review.title,
            "as_of": _("as of %(day)s") % {"day": instant(review.finished_at)},
            "foot": log.origin.partition("/")[0],
            "line": _line(decided),
            "warning": "" if frozen(review) == review.digest else _("Its items are not those that were frozen when it was opened."),
            "facts": list(_facts(review, who)),
            "items": [_item(each, decided.get(each.number), who) for each in review.items_of.order_by("number")],
            "proof": [*_entries(review), *ledger_facts(log)],
            "code": code(note(log)),
            "words": _words(),
        }
        return pdf("review.typ", values, review.finished_at)


def _words() -> dict[str, Any]:
    return {
        "items": _("What was decided"),
        "columns": [_("No."), _("Whose"), _("Right"), _("Decision"), _("By whom, and why")],
        "verify": _("Check it yourself"),
        "verify_how": _(
            "That the review was opened and finished, and each decision, are entries of the ledger. The code holds its checkpoint."
        ),
        "code": _("The checkpoint, as a code to scan"),
    }


def _line(decided: dict[int, ReviewDecision]) -> str:
    counts = Counter(each.decision for each in decided.values())
    return _("%(kept)s kept, %(revoked)s revoked") % {"kept": counts[Decision.KEEP], "revoked": counts[Decision.REVOKE]}


def _facts(review: AccessReview, who: dict[str, str]) -> Iterator[tuple[str, str]]:
    yield _("System"), review.system or _("all")
    yield _("Opened"), f"{instant(review.opened_at)}, {who.get(review.opened_by, review.opened_by)}"
    assert review.finished_at is not None, "only what is finished is printed"
    yield _("Finished"), f"{instant(review.finished_at)}, {who.get(review.finished_by, review.finished_by)}"
    yield _("Due"), str(review.due_on)
    yield _("Items"), f"{review.size:,}"


def _item(item: ReviewItem, decision: ReviewDecision | None, who: dict[str, str]) -> dict[str, Any]:
    return {
        "number": item.number,
        "who": item.person_name or _("nobody known"),
        "account": f"{item.account_name} · {item.system}",
        "right": " · ".join(filter(None, (item.entitlement, item.group))),
        "flags": ", ".join(map(str, item.flags)),
        "decision": decision.decision if decision else _("not decided"),
        "revoked": decision is None or decision.decision == Decision.REVOKE,
        "by": f"{who.get(decision.decided_by, decision.decided_by)}, {instant(decision.decided_at)}" if decision else "",
        "reason": decision.reason if decision else "",
    }


def _entries(review: AccessReview) -> Iterator[tuple[str, str]]:
    """Yield the entries of the ledger about the review itself."""
    yield _("SHA-256 of the items as they were frozen"), review.digest
    steps = list(Step.objects.filter(register=review.register(), record=str(review.pk)).order_by("pk"))
    numbers = lookup.numbers(each.entry_id for each in steps)
    said = [f"{numbers[each.entry_id]} ({each.action.partition('.')[2]})" for each in steps if each.entry_id in numbers]
    if said:
        yield _("Entries"), "\n".join(dict.fromkeys(said))
