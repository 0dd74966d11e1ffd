"""The app of actions: steps and answered requests."""

from django.apps import AppConfig


class Actions(AppConfig):
    """What was done to records, step by step."""

    name = "upheld.actions"
    label = "actions"
