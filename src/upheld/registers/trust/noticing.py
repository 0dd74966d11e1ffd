"""Actions on notices for everybody: publish one, add what is known later, say that it is over."""

from datetime import datetime
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.registers.rules import LEADS, fill, not_ahead
from upheld.registers.trust.models import NoticeUpdate, PublicNotice
from upheld.registers.words import Line, Prose

Words = Annotated[Prose, "what everybody reads; name nobody"]


@action(by=LEADS, makes=PublicNotice)
def publish_notice(*, by: Person, title: Line, text: Words) -> PublicNotice:
    """Tell everybody of something on the Trust Center, as of an incident that concerns customers."""
    return keep(PublicNotice(title=title, text=text, at=clock.now()))


@action(by=LEADS, makes=NoticeUpdate, when=lambda notice: "It is over." if notice.over_at else "")
def update_notice(notice: PublicNotice, *, by: Person, text: Words) -> NoticeUpdate:
    """Add what is known by now; what was said before stays."""
    return keep(NoticeUpdate(notice=notice, text=text, at=clock.now()))


@action(by=LEADS, when=lambda notice: "It is over already." if notice.over_at else "")
def end_notice(
    notice: PublicNotice,
    *,
    by: Person,
    text: Words,
    over_at: Annotated[datetime | None, "since when; now if not given"] = None,
) -> PublicNotice:
    """Say that what `notice` tells of is over, and what came of it."""
    keep(NoticeUpdate(notice=notice, text=text, at=clock.now()))
    return keep(fill(notice, over_at=not_ahead(over_at, "over_at")))
