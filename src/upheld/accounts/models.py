"""Accounts, the roles given to them, and how they prove who they are. Rows end; none is deleted but by erasure."""

import uuid

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from upheld import clock


class Accounts(BaseUserManager["Account"]):
    """Finds accounts by the address they sign in with, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> "Account":
        """Return the account of the address; raises `Account.DoesNotExist`."""
        return self.get(mail=(username or "").strip().lower())


class Account(AbstractBaseUser):
    """Somebody who can sign in. `person` is their people.id, "" where nobody said; `sample` marks those of the sample company."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mail = models.EmailField(unique=True)
    name = models.CharField(max_length=200, blank=True)
    person = models.CharField(max_length=120, blank=True, db_index=True)
    language = models.CharField(max_length=10, blank=True)
    sample = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    made_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    password_changed_at = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "mail"
    EMAIL_FIELD = "mail"

    objects = Accounts()

    class Meta:
        ordering = ("mail",)
        # Somebody who left is no longer among the accounts of their number, so that coming back starts a new one.
        constraints = (
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(is_active=True) & ~models.Q(person=""), name="one_account_a_person"
            ),
        )

    def __str__(self) -> str:
        return self.mail


class RoleGiven(models.Model):
    """A role given to an account, by whom, what for and until when. `since_on` to `until_on` is the period an auditor may read."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="roles_given")
    role = models.CharField(max_length=20)
    over_kind = models.CharField(max_length=10, blank=True)
    over = models.CharField(max_length=120, blank=True)
    since_on = models.DateField(null=True, blank=True)
    until_on = models.DateField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    given_at = models.DateTimeField(default=clock.now)
    given_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")
    taken_at = models.DateTimeField(null=True, blank=True)
    taken_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("given_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["account", "role", "over_kind", "over"], condition=models.Q(taken_at=None), name="role_given_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.role} for {self.over}" if self.over else self.role

    @property
    def for_what(self) -> tuple[str, str] | None:
        """What it was given for, as (kind, name); None for everything."""
        return (self.over_kind, self.over) if self.over else None


class ReportingLine(models.Model):
    """Who reports to whom, as the HR list says: what managers' rights are joined with."""

    person = models.CharField(max_length=120, primary_key=True)
    manager = models.CharField(max_length=120, db_index=True)

    def __str__(self) -> str:
        return f"{self.person} reports to {self.manager}"


class FormerPassword(models.Model):
    """A hash of a password that was in use before, so that it is not taken again."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="former_passwords")
    password = models.CharField(max_length=200)
    until_at = models.DateTimeField()

    class Meta:
        ordering = ("-until_at", "-id")

    def __str__(self) -> str:
        return f"until {self.until_at:%Y-%m-%d}"


class Guesses(models.Model):
    """Failed attempts in a row at one name, known here or not, by the keyed hash of the name as it was typed."""

    name = models.CharField(max_length=64, primary_key=True)
    failures = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()
    locked_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.failures} since the last success"


class SignInAttempt(models.Model):
    """One attempt to sign in. `account` is None for a name that nobody here has; what was typed is not kept."""

    account = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="attempts")
    at = models.DateTimeField()
    succeeded = models.BooleanField()
    used_mfa = models.BooleanField(default=False)
    method = models.CharField(max_length=20)
    entry_id = models.CharField(max_length=36)

    class Meta:
        ordering = ("at", "id")
        indexes = (models.Index(fields=["account", "-at"], name="attempts_of_account"),)

    def __str__(self) -> str:
        return f"{self.method} {'let in' if self.succeeded else 'refused'}"


class Link(models.Model):
    """A link that lets in once: the digest of its secret, never the secret."""

    digest = models.CharField(max_length=64, primary_key=True)
    account = models.ForeignKey(Account, models.CASCADE, related_name="links")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"until {self.expires_at:%Y-%m-%d %H:%M}"


class Token(models.Model):
    """A token for the API: the digest of its secret, what it may, and until when."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=100)
    start = models.CharField(max_length=20)
    digest = models.CharField(max_length=64, unique=True)
    only_reads = models.BooleanField(default=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_on = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-made_at",)

    def __str__(self) -> str:
        return self.name


class SavedFilter(models.Model):
    """What somebody looks for again and again on a list: its address (`page`, and `query` after the ?), under a name of their own."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="filters")
    page = models.CharField(max_length=200)
    query = models.CharField(max_length=1000)
    name = models.CharField(max_length=60)

    class Meta:
        ordering = ("name", "id")
        constraints = (models.UniqueConstraint(fields=["account", "page", "name"], name="filter_named_once_a_page"),)

    def __str__(self) -> str:
        return self.name
