"""Actions on contracts with customers: enter, correct, check against the signed text, end."""

from datetime import date
from typing import Annotated, Any

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import ill
from upheld.actions.files import Kept
from upheld.actions.kinds import Code, Text
from upheld.checks.span import Span
from upheld.documents.published import versions
from upheld.registers.privacy.models import Authorisation, Clause, Contract, Customer, NoticeMode
from upheld.registers.rules import LEADS, all_known, fill, in_order, names_of
from upheld.registers.words import Line, Name

KEEPERS = (*LEADS, Role.OWNER, Role.MANAGER)
Clauses = Annotated[list[Clause], "what it says of what GDPR 28(3) demands"]
Categories = Annotated[list[Name], "the short names of the data categories that are processed under it"]
Regions = Annotated[list[Name], "where data may be, as in eu-central; none where it does not say"]
Engaging = Annotated[Authorisation, "how the customer lets us engage others for its data"]
Subprocessors = Annotated[Span | None, "how long before a new sub-processor the customer is told"]
Transfers = Annotated[Span | None, "how long before data go to another country, or on another basis, the customer is told"]
Mode = Annotated[NoticeMode, "how the customer is told of both"]
AgreedTo = Annotated[list[Name], "the short names of the sub-processors and transfers that its annex names"]
Breach = Annotated[Span | None, "how soon after we know of a breach the customer is told"]
Rights = Annotated[Span | None, "how soon we help with a request of a data subject"]
Information = Annotated[Span | None, "how soon we answer questions about compliance"]
Deletion = Annotated[Span | None, "how soon after the end data are returned and deleted"]
Notice = Annotated[Span | None, "how long before its end it can be ended"]
Annex = Annotated[Annotated[str, Code()] | None, "the document of promises that is its annex, as in iso"]
AnnexVersion = Annotated[Annotated[str, Text(40)] | None, "which version of it; that in force on the day of signing if not given"]


@action(by=KEEPERS, makes=Contract)
def enter_contract(
    customer: Customer,
    *,
    by: Person,
    title: Line,
    signed_on: date,
    from_on: date,
    document: Annotated[Kept, "the signed text"],
    processes_personal_data: Annotated[bool, "whether personal data are processed for the customer under it"],
    authorisation: Engaging,
    clauses: Clauses = [],  # noqa: B006  never changed
    data_categories: Categories = [],  # noqa: B006  never changed
    regions: Regions = [],  # noqa: B006  never changed
    until_on: Annotated[date | None, "the last day, where one was agreed"] = None,
    notice_period: Notice = None,
    subprocessor_notice: Subprocessors = None,
    transfer_notice: Transfers = None,
    notice_mode: Mode = NoticeMode.MAIL,
    agreed_to: AgreedTo = [],  # noqa: B006  never changed
    breach_notice: Breach = None,
    rights_within: Rights = None,
    information_within: Information = None,
    deletion_within: Deletion = None,
    annex: Annex = None,
    annex_version: AnnexVersion = None,
) -> Contract:
    """Enter what was agreed with `customer`. Somebody else then checks it against the signed text."""
    given = {key: value for key, value in locals().items() if key not in ("by", "customer")}
    return keep(_said(Contract(customer=customer), **given))


@action(by=KEEPERS)
def correct_contract(
    contract: Contract,
    *,
    by: Person,
    title: Line,
    signed_on: date,
    from_on: date,
    processes_personal_data: bool,
    authorisation: Engaging,
    document: Annotated[Kept | None, "the signed text, if it is another"] = None,
    clauses: Clauses = [],  # noqa: B006  never changed
    data_categories: Categories = [],  # noqa: B006  never changed
    regions: Regions = [],  # noqa: B006  never changed
    until_on: date | None = None,
    notice_period: Notice = None,
    subprocessor_notice: Subprocessors = None,
    transfer_notice: Transfers = None,
    notice_mode: Mode = NoticeMode.MAIL,
    agreed_to: AgreedTo = [],  # noqa: B006  never changed
    breach_notice: Breach = None,
    rights_within: Rights = None,
    information_within: Information = None,
    deletion_within: Deletion = None,
    annex: Annex = None,
    annex_version: AnnexVersion = None,
) -> Contract:
    """Correct what was entered of `contract`; it is then to be checked again."""
    given = {key: value for key, value in locals().items() if key not in ("by", "contract", "document")}
    return keep(_said(contract, document=document or contract.document, **given))


@action(
    by=KEEPERS,
    apart_from=["enter-contract", "correct-contract"],
    why_apart="what was entered is checked by somebody else",
    when=lambda contract: "It was checked already." if contract.checked_at else "",
)
def check_contract(contract: Contract, *, by: Person) -> Contract:
    """Say that you held what was entered of `contract` against the signed text, and that it is so."""
    return keep(fill(contract, checked_by=by.ref, checked_at=clock.now()))


@action(by=KEEPERS)
def end_contract(contract: Contract, *, by: Person, until_on: Annotated[date, "the last day"]) -> Contract:
    """Say that `contract` ends after a day."""
    in_order(contract.from_on, until_on)
    contract.until_on = until_on
    return keep(contract)


def _said(
    contract: Contract, *, signed_on: date, from_on: date, until_on: date | None, data_categories: list[str], **others: Any
) -> Contract:
    in_order(from_on, until_on)
    if signed_on > clock.now().date():
        raise ill(signed_on="This day lies ahead; enter a contract when it is signed.")
    all_known("data_categories", data_categories, "DataCategory")
    _known_sharing(others["agreed_to"])
    others |= _annex(others["annex"], others["annex_version"], signed_on)
    if others["processes_personal_data"] and not data_categories:
        raise ill(data_categories="Say which data are processed under it.")
    if others["authorisation"] is Authorisation.GENERAL and not others["subprocessor_notice"]:
        raise ill(subprocessor_notice="Under a general authorisation, say how long before the customer is told.")
    checked = {"checked_by": "", "checked_at": None}
    return fill(contract, signed_on=signed_on, from_on=from_on, until_on=until_on, data_categories=data_categories, **others, **checked)


def _annex(annex: str | None, version: str | None, signed_on: date) -> dict[str, str]:
    """Return the annex as the contract keeps it: a version that was published, that of the day of signing where none is named."""
    if not annex:
        return {"annex": "", "annex_version": ""}
    found = [each for each in versions(annex) if not version or each.document.version == version]
    then = [each for each in found if each.published_at.date() <= signed_on]
    if not found:
        raise ill(annex_version=f"No such version of {annex} was published; publish it first.")
    if not version and not then:
        raise ill(annex_version=f"{annex} was published after that day; name the version.")
    return {"annex": annex, "annex_version": version or then[0].document.version}


def _known_sharing(agreed_to: list[str]) -> None:
    if missing := sorted(set(agreed_to) - names_of("SubProcessor") - names_of("Transfer")):
        raise ill(agreed_to=f"There is no sub-processor or transfer called {', '.join(missing)}; enter it first.")
