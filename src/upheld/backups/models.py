"""Backups taken of this workspace, and restores that tried them."""

from django.db import models


class Backup(models.Model):
    """A backup that was whole when it was taken: where it was written to, its size and digest. It may have been moved since.

    `content` is "workspace" or "keys".
    """

    id = models.CharField(primary_key=True, max_length=36)
    content = models.CharField(max_length=20)
    path = models.TextField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    size_bytes = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)
    encrypted = models.BooleanField()
    product_version = models.CharField(max_length=40)
    entry_id = models.CharField(max_length=36)

    class Meta:
        ordering = ("started_at", "id")

    def __str__(self) -> str:
        return f"{self.content} at {self.started_at:%Y-%m-%d %H:%M:%S}"


class RestoreTest(models.Model):
    """A backup that was really brought back, beside the workspace, and what was found of it. `said` is why it proved nothing."""

    id = models.CharField(primary_key=True, max_length=36)
    backup = models.CharField(max_length=36, blank=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    took = models.DurationField()
    content_verified = models.BooleanField()
    files = models.PositiveIntegerField()
    said = models.TextField(blank=True)
    entry_id = models.CharField(max_length=36)

    class Meta:
        ordering = ("started_at", "id")

    def __str__(self) -> str:
        return f"{self.backup} at {self.started_at:%Y-%m-%d %H:%M:%S}: {'verified' if self.content_verified else 'not verified'}"
