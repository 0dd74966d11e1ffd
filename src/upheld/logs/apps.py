"""The Django app."""

from django.apps import AppConfig


class Logs(AppConfig):
    """Logs that are watched."""

    name = "upheld.logs"
    verbose_name = "logs"
