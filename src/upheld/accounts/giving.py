"""Accounts and roles made and ended: each step is a row and an entry of the ledger, in one transaction."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from upheld import clock
from upheld.accounts.models import Account, RoleGiven
from upheld.accounts.person import Person, in_force
from upheld.accounts.role import Role, Verb
from upheld.ledger.append import append
from upheld.ledger.entry import Actor

OVER = ("chapter", "document", "owner", "customer")
NEEDS = {Role.OWNER: (None, "owner"), Role.AUDITOR: (None, "chapter", "document"), Role.CUSTOMER: ("customer",)}


class AccountError(ValueError):
    """An account or a role cannot be made, given or ended; the message says why and what to do."""


def account_of(mail: str) -> Account:
    """Return the account of the address; raises `AccountError`."""
    try:
        return Account.objects.get_by_natural_key(mail)
    except Account.DoesNotExist as error:
        raise AccountError(f"nobody has an account with the address {mail}; upheld accounts list shows who has one") from error


def make(mail: str, *, name: str = "", person: str = "", by: Actor, sample: bool = False) -> Account:
    """Make an account without a password: whoever it is for gets in by a link or by single sign-on. Raises `AccountError`."""
    mail = mail.strip().lower()
    try:
        validate_email(mail)
    except ValidationError as error:
        raise AccountError(f"{mail!r} is no mail address") from error
    account = Account(mail=mail, name=name, person=person, sample=sample, made_at=clock.now())
    account.set_unusable_password()
    try:
        with transaction.atomic():
            account.save(force_insert=True)
            append("account.made", subject=subject(account), body={"sample": sample}, personal={"mail": mail}, actor=by)
    except IntegrityError as error:
        raise AccountError(f"there is an account for {mail if not person else f'{mail} or person {person}'} already") from error
    return account


def end(account: Account, *, by: Actor) -> None:
    """End an account: nobody signs in to it any more, its roles, tokens and sessions end. Raises `AccountError`."""
    now = clock.now()
    with transaction.atomic():
        if Role.ADMINISTRATOR in roles_of(account) and not _another_administrator(account):
            raise AccountError(f"{account.mail} is the only administrator; make another one first")
        account.is_active, account.ended_at = False, now
        account.set_unusable_password()
        account.save(update_fields=["is_active", "ended_at", "password"])
        for given in account.roles_given.filter(taken_at=None):
            _take(given, by=by, taken_by=None)
        tokens = account.tokens.filter(revoked_at=None).update(revoked_at=now)
        account.links.filter(used_at=None).update(expires_at=now)
        append("account.ended", subject=subject(account), body={"tokens": tokens}, actor=by)


def give(
    account: Account,
    role: Role,
    *,
    by: Actor,
    over: tuple[str, str] | None = None,
    period: tuple[date | None, date | None] = (None, None),
    ends_at: datetime | None = None,
    given_by: Account | None = None,
) -> RoleGiven:
    """Give `account` a role: `over` says what for, `period` what an auditor may read, `ends_at` when it ends by itself.

    Raises `AccountError` for a role that it has already, a scope that the role does not know, and an account that ended.
    """
    _check(account, role, over, period)
    kind, name = over or ("", "")
    given = RoleGiven(
        account=account, role=role, over_kind=kind, over=name, since_on=period[0], until_on=period[1],
        ends_at=ends_at, given_at=clock.now(), given_by=given_by,
    )  # fmt: skip
    try:
        with transaction.atomic():
            # One that ran out gives way to the new one.
            for old in account.roles_given.filter(role=role, over_kind=kind, over=name, taken_at=None, ends_at__lte=clock.now()):
                _take(old, by=by, taken_by=given_by)
            given.save(force_insert=True)
            append("role.given", subject=subject(account), body=_said(given), actor=by)
    except IntegrityError as error:
        raise AccountError(f"{account.mail} has the role {given} already; take it first to give it otherwise") from error
    return given


def take(account: Account, role: Role, *, by: Actor, over: tuple[str, str] | None = None, taken_by: Account | None = None) -> None:
    """Take a role from `account`. Raises `AccountError` if it has none such, and for the only administrator."""
    kind, name = over or ("", "")
    with transaction.atomic():
        given = account.roles_given.filter(role=role, over_kind=kind, over=name, taken_at=None).first()
        if given is None:
            raise AccountError(f"{account.mail} does not have the role {role}{f' for {name}' if name else ''}")
        if role is Role.ADMINISTRATOR and not _another_administrator(account):
            raise AccountError(f"{account.mail} is the only administrator; make another one first")
        _take(given, by=by, taken_by=taken_by)


def may_manage(person: Person) -> bool:
    """Return whether `person` may make accounts and give roles."""
    return person.may(Verb.DO, "accounts")


def roles_of(account: Account) -> frozenset[Role]:
    """Return the roles in force of `account`; one query."""
    return frozenset(Role(role) for role in account.roles_given.filter(in_force(clock.now())).values_list("role", flat=True))


def subject(account: Account) -> tuple[str, str]:
    """Return `account` as an entry's subject: the person, who becomes a tag."""
    return ("person", account.person or str(account.pk))


def _check(account: Account, role: Role, over: tuple[str, str] | None, period: tuple[date | None, date | None]) -> None:
    allowed = NEEDS.get(role, (None,))
    if not account.is_active:
        raise AccountError(f"the account {account.mail} has ended")
    if (over[0] if over else None) not in allowed:
        wanted = " or ".join(f"for a {each}" if each else "for everything" for each in allowed)
        raise AccountError(f"the role {role} is given {wanted}")
    if any(period) and role is not Role.AUDITOR:
        raise AccountError(f"only auditors have a period; {role} has none")
    if period[0] and period[1] and period[0] > period[1]:
        raise AccountError(f"the period from {period[0]} to {period[1]} ends before it begins")


def _another_administrator(account: Account) -> bool:
    others = RoleGiven.objects.filter(in_force(clock.now()), role=Role.ADMINISTRATOR, account__is_active=True, account__sample=False)
    return others.exclude(account=account).exists()


def _take(given: RoleGiven, *, by: Actor, taken_by: Account | None) -> None:
    given.taken_at, given.taken_by = clock.now(), taken_by
    given.save(update_fields=["taken_at", "taken_by"])
    append("role.taken", subject=subject(given.account), body=_said(given), actor=by)


def _said(given: RoleGiven) -> dict[str, str]:
    said = {"role": given.role, "over_kind": given.over_kind}
    if given.over_kind in ("chapter", "document", "owner"):
        said["over"] = given.over
    for name in ("since_on", "until_on", "ends_at"):
        if (value := getattr(given, name)) is not None:
            said[name] = value.isoformat()
    return said
