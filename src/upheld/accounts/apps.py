"""The Django app of accounts."""

from django.apps import AppConfig


class Accounts(AppConfig):
    """Accounts, roles, sign-ins, links and tokens."""

    name = "upheld.accounts"
    label = "accounts"
