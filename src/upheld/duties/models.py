"""Secret links to people's calendars: the digest of each, never the link."""

from django.db import models


class CalendarLink(models.Model):
    """The link by which somebody's calendar program reads what they owe; a new one ends the old."""

    account = models.UUIDField(db_index=True)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-made_at", "-id")
        constraints = (models.UniqueConstraint(fields=["account"], condition=models.Q(ended_at=None), name="one_calendar_link"),)

    def __str__(self) -> str:
        return f"since {self.made_at:%Y-%m-%d}"
