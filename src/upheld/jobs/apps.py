"""The Django app."""

from django.apps import AppConfig


class Jobs(AppConfig):
    """What a worker does by itself."""

    name = "upheld.jobs"
    verbose_name = "background work"
