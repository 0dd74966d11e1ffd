"""Notices on their way, delivered, or given up; and the webhooks that are told."""

from django.db import models


class Notice(models.Model):
    """One message to one address. It is queued in the transaction of what it tells of, and delivered by the worker.

    `to` is a mail address, or the name of a webhook; `person` is whose address it is (people.id), if anybody's. `link` is a
    path in the product. `facts` go to programs; they name nobody. Not yet sent: `sent_at` and `given_up_at` are both None.
    `key` is the digest of cause and receiver: what has one is queued once, however often it is found.
    """

    id = models.CharField(primary_key=True, max_length=36)
    channel = models.CharField(max_length=10)
    to = models.TextField()
    person = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=80)
    title = models.TextField()
    text = models.TextField(blank=True)
    link = models.TextField(blank=True)
    facts = models.JSONField(default=dict)
    key = models.CharField(max_length=64, null=True, blank=True, unique=True)
    language = models.CharField(max_length=10, blank=True)
    in_digest = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    not_before_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("made_at", "id")
        indexes = (
            models.Index(fields=["not_before_at"], condition=models.Q(sent_at=None, given_up_at=None), name="notices_waiting"),
            models.Index(fields=["person"], name="notices_person"),
        )

    def __str__(self) -> str:
        return f"{self.kind} by {self.channel}"


class Webhook(models.Model):
    """A program that is told. `secret`, and `url` of a chat program, are references; `kinds` are those it gets, all where empty."""

    name = models.SlugField(max_length=60)
    url = models.TextField()
    style = models.CharField(max_length=10)
    secret = models.TextField(blank=True)
    kinds = models.JSONField(default=list)
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("name", "added_at")
        constraints = (models.UniqueConstraint(fields=["name"], condition=models.Q(removed_at=None), name="one_webhook_per_name"),)

    def __str__(self) -> str:
        return self.name


class Subscription(models.Model):
    """That somebody outside wants to be told by mail of changes that everybody may read: of `kinds`, of all where empty.

    It counts from `confirmed_at`; once it ended, `mail` is empty.
    """

    id = models.UUIDField(primary_key=True)
    mail = models.CharField(max_length=254, blank=True)
    kinds = models.JSONField(default=list)
    language = models.CharField(max_length=10, blank=True)
    asked_at = models.DateTimeField(db_index=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("asked_at", "id")

    def __str__(self) -> str:
        return f"subscription {self.pk}"


class SeenChange(models.Model):
    """A public change that was there when changes were looked for: whoever subscribed was told of it then, and is not again."""

    key = models.CharField(primary_key=True, max_length=500)
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ("key",)

    def __str__(self) -> str:
        return self.key


class Wish(models.Model):
    """How somebody wants to be told: `how` is at-once or daily; without a row, what is urgent comes at once and the rest once a day."""

    account = models.UUIDField(primary_key=True)
    how = models.CharField(max_length=10)

    def __str__(self) -> str:
        return self.how
