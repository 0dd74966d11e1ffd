"""The app of duties: links to calendars."""

from django.apps import AppConfig


class Duties(AppConfig):
    """What people owe."""

    name = "upheld.duties"
    label = "duties"
