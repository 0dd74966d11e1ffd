"""The audit of unused credentials as a campaign: it warns whose accounts they are, and switches off what is unused at its end."""

from datetime import UTC, datetime

from upheld import clock
from upheld.accounts.person import Person
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.registers.authorization.kinds import Decision, ReviewKind
from upheld.registers.authorization.review_models import AccessReview, ReviewDecision, ReviewItem
from upheld.registers.authorization.reviews import finish, undecided
from upheld.registers.evidence import evidence
from upheld.registers.rules import LEADS

STILL = "it was not used until the time was over"
_USED = """
    SELECT source, id, max(last_login_at) FROM accounts
    WHERE last_login_at > $opened_at
    GROUP BY source, id
"""


def _runs(review: AccessReview) -> str:
    if review.kind != ReviewKind.UNUSED:
        return "It is no audit of unused credentials."
    return "It is finished." if review.finished_at else ""


@action(by=LEADS, when=lambda review: _runs(review) or ("They were warned." if review.warned_at else ""))
def warn_unused(access_review: AccessReview, *, by: Person) -> AccessReview:
    """Warn everybody whose unused account `access_review` is about: signed in to by its due day, it stays; else it is switched off."""
    access_review.warned_at = clock.now()
    return keep(access_review)


@action(by=LEADS, when=lambda review: _runs(review) or ("" if review.due_on < clock.now().date() else "Its time is not over yet."))
def settle_unused(access_review: AccessReview, *, by: Person) -> AccessReview:
    """Decide what nobody decided of `access_review`: what was used since stays, the rest is switched off; and finish it."""
    used = _used_since(access_review.opened_at)
    for item in undecided(access_review):
        at = used.get((item.told_by, item.account))
        keep(_decision(access_review, item, by, at))
    return finish(access_review, by)


def _decision(review: AccessReview, item: ReviewItem, by: Person, used_at: datetime | None) -> ReviewDecision:
    decision, reason = (Decision.KEEP, f"it was used on {used_at:%Y-%m-%d}") if used_at else (Decision.REVOKE, STILL)
    made = ReviewDecision(review=review, number=item.number, decided_by=by.ref, decided_at=clock.now())
    made.decision, made.reason = decision, reason
    return made


def _used_since(opened_at: datetime) -> dict[tuple[str, str], datetime]:
    """Return when each account was last used that was used after `opened_at`, by source and accounts.id."""
    with evidence(clock.now(), ["accounts"]) as connection:
        found = connection.execute(_USED, {"opened_at": opened_at.astimezone(UTC).replace(tzinfo=None)}).fetchall()
    return {(source, account): at.replace(tzinfo=UTC) for source, account, at in found}


def keep_campaigns(by: Person) -> str:
    """Warn in campaigns that were opened, and settle those whose time is over; say what that came to."""
    fresh = AccessReview.objects.filter(kind=ReviewKind.UNUSED, warned_at=None, finished_at=None)
    warned = [warn_unused(each, by=by) for each in fresh]
    over = AccessReview.objects.filter(kind=ReviewKind.UNUSED, finished_at=None, due_on__lt=clock.now().date())
    settled = [settle_unused(each, by=by) for each in over]
    return f"{len(warned)} campaigns warn, {len(settled)} settled"


def wait() -> bool:
    """Whether a campaign is to warn, or its time is over."""
    running = AccessReview.objects.filter(kind=ReviewKind.UNUSED, finished_at=None)
    return running.filter(warned_at=None).exists() or running.filter(due_on__lt=clock.now().date()).exists()
