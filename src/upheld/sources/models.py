"""Sources in use, their collections, and the manifest of change files that makes up the history."""

from django.db import models

from upheld.sources.believed import Believed, OfBelieved


class ConfiguredSource(models.Model):
    """A source in use, or used once: its settings hold references to secrets, never a secret."""

    name = models.SlugField(max_length=60)
    kind = models.CharField(max_length=60)
    settings = models.JSONField(default=dict)
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("name", "added_at")
        constraints = (models.UniqueConstraint(fields=["name"], condition=models.Q(removed_at=None), name="one_source_in_use_per_name"),)

    def __str__(self) -> str:
        return f"{self.name} ({self.kind})"


class Collection(models.Model):
    """One run of a source; what it saw lies in its tables and change files, what it could not see is said.

    One that was set aside is of a time that was not: it counts for nothing, as do its tables and change files.
    """

    id = models.CharField(primary_key=True, max_length=36)
    source = models.ForeignKey(ConfiguredSource, models.PROTECT, related_name="collections")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    coverage = models.CharField(max_length=10)
    error = models.TextField(blank=True)
    notes = models.JSONField(default=list)
    clock_offset = models.DurationField(null=True, blank=True)
    product_version = models.CharField(max_length=40)
    set_aside_at = models.DateTimeField(null=True, blank=True)
    entry_id = models.CharField(max_length=36)

    objects = Believed()
    every = models.Manager()

    class Meta:
        ordering = ("started_at", "id")
        indexes = (models.Index(fields=["source", "started_at"]),)

    def __str__(self) -> str:
        return f"{self.source_id} at {self.started_at:%Y-%m-%d %H:%M:%S}: {self.coverage}"


class CollectedTable(models.Model):
    """What one collection said about one table; also kept when nothing of it could be read."""

    collection = models.ForeignKey(Collection, models.PROTECT, related_name="tables")
    table = models.CharField(max_length=60)
    coverage = models.CharField(max_length=10)
    rows = models.PositiveIntegerField(default=0)
    opened = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    ended = models.PositiveIntegerField(default=0)
    vanished = models.PositiveIntegerField(default=0)
    quarantined = models.BooleanField(default=False)
    digest = models.CharField(max_length=64, blank=True)
    cut_short = models.JSONField(default=list)
    gaps = models.JSONField(default=list)

    objects = OfBelieved()

    class Meta:
        ordering = ("table",)
        constraints = (models.UniqueConstraint(fields=["collection", "table"], name="a_table_once_per_collection"),)

    def __str__(self) -> str:
        return f"{self.table}: {self.rows} rows, {self.coverage}"


class HistoryFile(models.Model):
    """One Parquet change file of the history. A file that no row here names does not exist, whatever the folder holds."""

    collection = models.ForeignKey(Collection, models.PROTECT, related_name="files")
    table = models.CharField(max_length=60)
    path = models.CharField(max_length=200, unique=True)
    first_seen_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    rows = models.PositiveIntegerField()
    size_bytes = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)
    entry_id = models.CharField(max_length=36)
    compacted_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replaces")

    objects = OfBelieved()
    every = models.Manager()

    class Meta:
        ordering = ("seen_at", "id")
        indexes = (models.Index(fields=["table", "seen_at"]),)

    def __str__(self) -> str:
        return self.path


class Forgotten(models.Model):
    """That versions of rows of a table from a source (by name) that had ended by `ended_by` have no values any more, only their leaves."""

    table = models.CharField(max_length=60)
    source = models.CharField(max_length=60)
    ended_by = models.DateTimeField()
    versions = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    entry_id = models.CharField(max_length=36)

    class Meta:
        ordering = ("-at", "-id")
        indexes = (models.Index(fields=["table", "source"]),)

    def __str__(self) -> str:
        return f"{self.table} from {self.source}, ended by {self.ended_by:%Y-%m-%d}"


class Enforcement(models.Model):
    """One order to a source, from the intent to what was read back. Kept for good; rows are settled, none is deleted.

    `outcome` is "" until somebody tried; `changed` says whether it was us (None: it was so when looked at again after an attempt
    of which nobody knows the end). `mark` is how the account's secret or sessions stood before.
    """

    id = models.CharField(primary_key=True, max_length=36)
    source = models.ForeignKey(ConfiguredSource, models.PROTECT, related_name="enforcements")
    verb = models.CharField(max_length=20)
    account = models.CharField(max_length=300)
    entitlement = models.CharField(max_length=1000, blank=True)
    group_id = models.CharField(max_length=300, blank=True)
    key = models.CharField(max_length=200, unique=True)
    reason = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField()
    mark = models.TextField(blank=True)
    tries = models.PositiveIntegerField(default=0)
    tried_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=12, blank=True)
    changed = models.BooleanField(null=True, blank=True)
    said = models.TextField(blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    intent_entry = models.CharField(max_length=36)
    outcome_entry = models.CharField(max_length=36, blank=True)

    class Meta:
        ordering = ("asked_at", "id")
        indexes = (models.Index(fields=["settled_at", "asked_at"]), models.Index(fields=["source", "account"]))

    def __str__(self) -> str:
        return f"{self.verb} on {self.source_id}: {self.outcome or 'not tried yet'}"


class Pushed(models.Model):
    """A user or group that an identity provider pushed by SCIM, as it is now; what it was before is in the history.

    `document` is the resource without id, meta and password; `name` is userName or displayName, folded as SCIM compares it.
    """

    id = models.CharField(primary_key=True, max_length=36)
    source = models.ForeignKey(ConfiguredSource, models.PROTECT, related_name="pushed")
    type = models.CharField(max_length=20)
    name = models.CharField(max_length=300)
    external_id = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)
    document = models.JSONField()
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ("made_at", "id")
        constraints = (
            models.UniqueConstraint(fields=["source", "name"], condition=models.Q(type="User"), name="a_user_name_once_per_source"),
        )
        indexes = (models.Index(fields=["source", "type", "name"]), models.Index(fields=["source", "type", "external_id"]))

    def __str__(self) -> str:
        return f"{self.type} {self.id}"


class Heard(models.Model):
    """When a source that is pushed to was last spoken to by somebody with its token; to the minute."""

    source = models.OneToOneField(ConfiguredSource, models.PROTECT, related_name="heard")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.source_id} at {self.at:%Y-%m-%d %H:%M}"
