"""What the sample company keeps in authorization: roles and rights, who asked for what, reviews, and cases of leavers."""

from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.errors import Refused
from upheld.actions.together import together
from upheld.evidence.table import Row
from upheld.registers.authorization import campaigns, cases, entitlements, requests, reviews
from upheld.registers.authorization.case_models import StaffCase
from upheld.registers.authorization.kinds import CaseKind, Decision, Flag, ReviewKind, Risk
from upheld.registers.authorization.looking import TABLES as LOOKED_AT
from upheld.registers.authorization.looking import told, watching
from upheld.registers.authorization.models import Entitlement
from upheld.registers.authorization.populating import TABLES as REVIEWED
from upheld.registers.authorization.review_models import AccessReview, ReviewItem
from upheld.registers.evidence import held_evidence
from upheld.registers.sampling import DIRECTOR, DPO, ENGINEER, LEAD, SUPPORT, TECHNOLOGY, Company, PlantedFault
from upheld.sources.sample.roles import EVERYBODY, GROUPS, ROLES
from upheld.sources.sample.staff import HEADS, person_id

FAULTS = (
    PlantedFault(
        "Nobody has looked for fourteen months at what the role of buyers gives.",
        breaks=[("access/role_model_reviewed", "registers/Buyer")],
    ),
    PlantedFault(
        "An editor administers the mail service, which nobody ever asked for.",
        breaks=[("authorization/privileged_time_bound", "sample/mail/mail-1031/mail_admin")],
    ),
    PlantedFault(
        "An engineer was approved to look at the monitoring six days ago, and still cannot.",
        breaks=[
            ("authorization/provisioned_as_approved", "registers/1"),
            ("authorization/authorisation_record_complete", "registers/request/1"),
        ],
    ),
    PlantedFault(
        "A review took an account of the monitoring from a support agent a month ago, and it works on.",
        breaks=[("authorization/review_carried_out", "registers/2/1")],
    ),
    PlantedFault(
        "Nobody has ever reviewed who may do what in the four systems that most people use.",
        breaks=[("authorization/review_current", f"sample/{system}") for system in ("crm", "directory", "mail", "vpn")],
    ),
    PlantedFault(
        "The case of an engineer who left cannot close: a token of theirs works on.",
        breaks=[("authorization/leaver_case_complete", "1055")],
    ),
    PlantedFault(
        "An administrator's rights on the backup server end in nine days.",
        soon=[("authorization/privileged_time_bound", "sample/backup/backup-1012-adm/backup_operators")],
    ),
)
UNREVIEWED = {"crm", "directory", "mail", "vpn"}
TOLD = "as the list of people tells"
QUICK = (Flag.LEAVER, Flag.ORPHAN, Flag.OUTSIDE_ROLE)  # what a reviewer who looks takes away


def keep(company: Company) -> None:
    """Keep what the chapter has, oldest first."""
    _model(company)
    with held_evidence([*{*LOOKED_AT, *REVIEWED, "conflict_rules"}]):
        _ask(company)
        _administer(company)
        _look_for_unused(company)
        _review(company)
        _close_cases(company)


def _model(company: Company) -> None:
    """Declare what can be asked for, the roles that give it, and what must not meet."""
    lead = company.lead()
    with company.at(430):
        for group in GROUPS:
            entitlements.declare_entitlement(
                by=lead,
                system=group.system,
                entitlement=group.name,
                title=group.name.replace("_", " ").capitalize(),
                owner=TECHNOLOGY,
                privileged=group.privileged,
                risk=Risk.HIGH if group.privileged else Risk.LOW if group.name in ("staff", "mailbox") else Risk.MEDIUM,
            )
        rights = {f"{each.system}:{each.entitlement}": each for each in Entitlement.objects.all()}
        named = [("*", EVERYBODY, DIRECTOR), *((each.name, each.gives, person_id(HEADS[each.department])) for each in ROLES)]
        for name, gives, owner in named:
            _declare(company, name, [rights[each] for each in gives if not rights[each].privileged], owner)
        left, right = rights["erp:erp_orders"], rights["erp:erp_invoices"]
        why = "One person could order from a friend and enter the invoice."
        entitlements.keep_apart(by=lead, name="order-and-enter", left=left, right=right, why=why)


def _declare(company: Company, name: str, gives: list[Entitlement], owner: str) -> None:
    role = entitlements.declare_role(by=company.lead(), name=name, title="Everybody" if name == "*" else name, owner=owner)
    for each in gives:
        entitlements.add_to_role(role, by=company.lead(), entitlement=each)
    with company.at(425 if name == "Buyer" else 60):
        entitlements.review_role(role, by=company.person(owner), outcome="Each of these is needed.")


def _ask(company: Company) -> None:
    """Somebody asked and was let, and nobody did it; somebody asked and was not let; somebody asks now."""
    owner = company.person(TECHNOLOGY, Role.OWNER)
    see, run = (Entitlement.objects.get(entitlement=name) for name in ("monitor_view", "ci_run"))
    with company.at(7):
        wanted = requests.request_access(by=company.person(ENGINEER), entitlement=see, why="To see how the builds behave at night.")
    with company.at(6):
        requests.agree_to_request(wanted, by=owner)
    with company.at(20):
        refused = requests.request_access(by=company.person(SUPPORT), entitlement=run, why="To repeat a build that failed.")
        requests.reject_request(refused, by=owner, said="Ask an engineer to; it is done in a minute.")
    with company.at(1):
        requests.request_access(by=company.person(DPO), entitlement=see, why="To answer what a customer asked about failures.")


def _administer(company: Company) -> None:
    """Every administrator asked for what they have, for a time; two others agreed."""
    owner, second = company.person(TECHNOLOGY, Role.OWNER), company.officer()
    held = sorted((str(row["holder_id"]), str(row["entitlement"])) for row in company.rows("grants") if _is_agreed(row))
    for number, (holder, name) in enumerate(held):
        who = LEAD if holder.endswith("break-glass") else holder.split("-")[1]
        until = company.day(-9) if holder == "backup-1012-adm" else company.day(-100 - number)
        right = Entitlement.objects.get(entitlement=name)
        with company.at(150):
            request = requests.request_access(by=company.person(who), entitlement=right, why="I look after it.", until_on=until)
            request = requests.agree_to_request(request, by=owner)
            requests.approve_privileged(request, by=second)


def _is_agreed(row: Row) -> bool:
    return bool(row["privileged"]) and row["holder_kind"] == "account" and str(row["holder_id"]).endswith(("-adm", "break-glass"))


def _look_for_unused(company: Company) -> None:
    """Look for unused credentials each quarter; what was found the last time was never switched off."""
    for opened in (120, 45):
        with company.at(opened):
            review = _opened(company, "Unused accounts", ReviewKind.UNUSED, opened - 10)
            campaigns.warn_unused(review, by=company.lead())
        with company.at(opened - 12):
            review.refresh_from_db()
            campaigns.settle_unused(review, by=company.lead())


def _opened(company: Company, title: str, kind: ReviewKind, due: float, system: str | None = None) -> AccessReview:
    return reviews.open_review(by=company.lead(), title=title, kind=kind, due_on=company.day(due), system=system)


def _review(company: Company) -> None:
    """Review the smaller systems: what nobody needs is taken away, and has a few days to go."""
    for number, system in enumerate(sorted({group.system for group in GROUPS} - UNREVIEWED)):
        days = 2 + number / 10
        with company.at(days):
            review = _opened(company, f"Who may do what: {system}", ReviewKind.SYSTEM, -5, system)
        with company.at(days - 1), together():
            for item in list(review.items_of.all()):
                _decide(company, review, item)
        with company.at(days - 1):
            reviews.finish_review(review, by=company.lead())


def _decide(company: Company, review: AccessReview, item: ReviewItem) -> None:
    number, by = [item.number], company.person(item.reviewer)
    if {*item.flags} & {*QUICK}:
        reviews.decide_items(review, by=by, numbers=number, decision=Decision.REVOKE, reason="Nobody needs it.")
    else:
        reviews.decide_items(review, by=by, numbers=number, decision=Decision.KEEP, reason="It is needed." if item.flags else None)


def _close_cases(company: Company) -> None:
    """Look after everybody who left lately; a case closes the day after the last one, where nothing is left."""
    for each in told(company.now):
        before = (company.now.date() - each.due_on).days
        with company.at(max(before + 7, 0.5)):
            case = cases.open_case(by=company.lead(), kind=each.kind, person=each.person, due_on=each.due_on, why=TOLD)
        if each.kind == CaseKind.LEAVER and before > 2:
            with company.at(before - 1.5), watching():
                _close(case, company.lead())


def _close(case: StaffCase, lead: Person) -> None:
    try:
        cases.close_case(case, by=lead)
    except Refused:  # something is left of them
        cases.look_at_case(case, by=lead)
