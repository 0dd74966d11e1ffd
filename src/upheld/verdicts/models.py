"""Judgements, the intervals over which each measure had a state, and findings: the life of each failing subject."""

from django.db import models

from upheld.sources.believed import Believed


class Judgement(models.Model):
    """One run of the judge over all measures, as of an instant. `parameters` is the SHA-256 of the company's own values, if it set any.

    `salts` are what `verdicts.salting` makes of the digests that the ledger has of its outcomes.
    """

    as_of = models.DateTimeField()
    judged_at = models.DateTimeField()
    measures = models.PositiveIntegerField()
    parameters = models.CharField(max_length=64, blank=True)
    salts = models.JSONField(default=dict, blank=True)
    set_aside_at = models.DateTimeField(null=True, blank=True)
    entry_id = models.CharField(max_length=36)

    objects = Believed()
    every = models.Manager()

    class Meta:
        ordering = ("as_of", "id")

    def __str__(self) -> str:
        return f"as of {self.as_of:%Y-%m-%d %H:%M:%S}"


class MeasureVerdict(models.Model):
    """An interval over which a measure had one state: from `from_at` to `until_at`, or still.

    `judged_until_at` is the last instant at which it was judged so; what lies after it was not seen. The details are
    those of the last judgement in the interval. Failing subjects are in findings and in the outcomes file.
    """

    measure = models.CharField(max_length=120)
    state = models.CharField(max_length=10)
    from_at = models.DateTimeField()
    judged_until_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField()
    population = models.PositiveIntegerField(default=0)
    passed = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    unknown = models.PositiveIntegerField(default=0)
    excepted = models.PositiveIntegerField(default=0)
    flips_at = models.DateTimeField(null=True, blank=True)
    stale_at = models.DateTimeField(null=True, blank=True)
    evidence = models.JSONField(default=list)
    untested = models.JSONField(default=list)
    digests = models.JSONField(default=dict)
    outcomes = models.CharField(max_length=200, blank=True)
    judgement = models.ForeignKey(Judgement, models.PROTECT, related_name="verdicts")
    set_aside_at = models.DateTimeField(null=True, blank=True)
    entry_id = models.CharField(max_length=36)

    objects = Believed()
    every = models.Manager()

    class Meta:
        ordering = ("measure", "from_at")
        constraints = (models.UniqueConstraint(fields=["measure"], condition=models.Q(until_at=None), name="one_state_at_a_time"),)
        indexes = (models.Index(fields=["measure", "from_at"]),)

    def __str__(self) -> str:
        return f"{self.measure}: {self.state}"


class Finding(models.Model):
    """One failing subject's life. It resolves when its measure, on complete evidence, no longer sees it fail.

    `resolved_how` is "mended", or "no longer looked at" where a source that it came from is no longer in use, or "set aside" where
    it was first seen by a clock that ran ahead.
    """

    measure = models.CharField(max_length=120)
    subject = models.TextField()
    label = models.TextField()
    detail = models.TextField()
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_how = models.CharField(max_length=30, blank=True)

    class Meta:
        ordering = ("measure", "subject", "first_seen_at")
        constraints = (
            models.UniqueConstraint(
                fields=["measure", "subject"], condition=models.Q(resolved_at=None), name="one_open_finding_per_subject"
            ),
        )

    def __str__(self) -> str:
        return f"{self.measure}: {self.label}"
