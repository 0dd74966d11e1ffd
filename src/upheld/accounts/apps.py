"""The app of accounts; it listens to what the sign-in library tells, from the moment everything is loaded."""

from django.apps import AppConfig


class Accounts(AppConfig):
    """Accounts, roles, sign-ins, links and tokens."""

    name = "upheld.accounts"
    label = "accounts"
