"""What registers hold for everybody's eyes: published documents and policies, who gets customers' data, certificates and notices."""

from datetime import date
from itertools import chain

from markdown_it import MarkdownIt

from upheld.registers.compliance.models import Certificate
from upheld.registers.governance.models import Jurisdiction
from upheld.registers.governance.policy_models import PolicyVersion, State
from upheld.registers.privacy.models import DataCategory
from upheld.registers.privacy.sharing_models import Announcement, Destination, Shared, SubProcessor, Transfer
from upheld.registers.trust.models import PublicNotice
from upheld.web.trust.public import PublicCertificate, PublicDestination, PublicNews, PublicPolicy, PublicShare, Said

# No HTML of the writer's own, no pictures from elsewhere: what is written stays text.
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")


def policies() -> tuple[PublicPolicy, ...]:
    """Return the policies marked public, each as published last."""
    found = PolicyVersion.objects.filter(state=State.PUBLISHED, policy__public=True, policy__retired_at=None).select_related("policy")
    return tuple(
        PublicPolicy(
            name=each.policy.name,
            title=each.policy.title,
            kind=each.policy.kind,
            number=each.number,
            published_at=each.published_at,
            digest=each.digest,
            text=each.published_text,
            html=_MARKDOWN.render(each.published_text),
        )
        for each in found.order_by("policy__title", "policy__name")
        if each.published_at is not None
    )


def shares() -> tuple[PublicShare, ...]:
    """Return sub-processors and transfers: those in use, those that customers were told of, and those that ended."""
    places, categories = _places(), {each.name: each.title for each in DataCategory.objects.all()}
    told = {_key(each.shared): each for each in Announcement.objects.filter(dropped_at=None).select_related("subprocessor", "transfer")}
    every = chain(SubProcessor.objects.order_by("title", "id"), Transfer.objects.order_by("title", "id"))
    return tuple(_share(each, told.get(_key(each)), places, categories) for each in every if each.started_on or _key(each) in told)


def _key(each: Shared) -> tuple[str, int]:
    return each.kind, each.pk


def _share(each: Shared, told: Announcement | None, places: dict[str, str], categories: dict[str, str]) -> PublicShare:
    planned = told is not None and told.done_on is None and each.ended_on is None
    return PublicShare(
        kind=each.kind,
        name=each.name,
        title=each.title,
        purpose=each.purpose,
        categories=tuple(categories.get(name, name) for name in each.data_categories),
        countries=tuple(_place(code, places) for code in each.countries),
        safeguards=each.safeguards,
        for_some=bool(each.customers or each.excluded),
        announced_at=told.at if told else None,
        planned_on=told.planned_on if told and planned else None,
        started_on=each.started_on,
        ended_on=each.ended_on,
    )


def destinations() -> tuple[PublicDestination, ...]:
    """Return the countries that personal data may go to, or might."""
    places = _places()
    found = Destination.objects.order_by("country", "organisation", "id")
    return tuple(
        PublicDestination(_place(each.country, places), each.organisation, each.why, each.published_at, each.ended_at) for each in found
    )


def _places() -> dict[str, str]:
    return dict(Jurisdiction.objects.values_list("code", "title"))


def _place(code: str, places: dict[str, str]) -> str:
    return places.get(code, code.upper())


def certificates(today: date) -> tuple[PublicCertificate, ...]:
    """Return the certificates of certifications that the company claims before everybody, those in force first."""
    found = Certificate.objects.filter(certification__public=True, certification__ended_on=None).select_related("certification", "body")
    made = [
        PublicCertificate(
            standard=each.certification.standard,
            scope=each.certification.scope,
            body=each.body.title,
            serial=each.serial,
            issued_on=each.issued_on,
            until_on=each.until_on,
            withdrawn_on=each.withdrawn_on,
            in_force=each.scope_agrees and each.withdrawn_on is None and each.issued_on <= today <= each.until_on,
        )
        for each in found.order_by("certification__standard", "-until_on", "id")
    ]
    return tuple(sorted(made, key=lambda each: not each.in_force))


def news() -> tuple[PublicNews, ...]:
    """Return the notices for everybody, newest first."""
    found = PublicNotice.objects.prefetch_related("updates")
    return tuple(PublicNews(each.pk, each.title, _said(each), each.over_at) for each in found)


def _said(notice: PublicNotice) -> tuple[Said, ...]:
    return (Said(notice.at, notice.text), *(Said(each.at, each.text) for each in notice.updates.all()))
