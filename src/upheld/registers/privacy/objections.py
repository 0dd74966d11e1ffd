"""Actions on objections of customers: raise, settle."""

from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import ill
from upheld.actions.files import Kept
from upheld.registers.privacy.announcing import speaks_for
from upheld.registers.privacy.sharing_models import CustomerNotice, Objection, Settlement
from upheld.registers.rules import LEADS, fill
from upheld.registers.words import Prose


@action(by=(*LEADS, Role.OWNER, Role.MANAGER, Role.CUSTOMER), makes=Objection)
def object(notice: CustomerNotice, *, by: Person, reasons: Annotated[Prose, "what the customer has against it"]) -> Objection:
    """Object, for the customer, to what `notice` tells of. Nothing of it starts until this is settled."""
    if notice.objections.filter(settled_at=None).exists():
        raise ill(reasons="This customer objects already; add to that, or settle it.")
    return keep(Objection(notice=notice, reasons=reasons, raised_at=clock.now()))


@action(by=(*LEADS, Role.OWNER, Role.CUSTOMER), when=lambda objection: "It is settled already." if objection.settled_at else "")
def settle_objection(
    objection: Objection,
    *,
    by: Person,
    settlement: Settlement,
    how: Annotated[Prose, "what was agreed"],
    agreed: Annotated[Kept | None, "what the customer wrote; needed to take it as withdrawn, unless you are the customer"] = None,
) -> Objection:
    """Say how `objection` ended: the customer withdrew it, its data are left out, or the plan is dropped. We cannot overrule it."""
    notice = objection.notice
    if settlement is Settlement.WITHDRAWN and agreed is None and not speaks_for(by, notice.customer):
        raise ill(agreed="Only the customer withdraws an objection: add what it wrote.")
    if settlement is not Settlement.WITHDRAWN and Role.CUSTOMER in by.roles:
        raise ill(settlement="You can withdraw it; all else is for the other side.")
    announcement = notice.announcement
    if settlement is Settlement.EXCLUDED:
        shared = announcement.shared
        shared.excluded = sorted({*shared.excluded, notice.customer.name})
        keep(shared)
    elif settlement is Settlement.DROPPED:
        keep(fill(announcement, dropped_at=clock.now()))
    return keep(fill(objection, settlement=settlement, how=how, agreed=agreed, settled_at=clock.now(), settled_by=by.ref))
