"""The Django app."""

from django.apps import AppConfig


class Notices(AppConfig):
    """What is told to whom."""

    name = "upheld.notices"
    verbose_name = "notices"
