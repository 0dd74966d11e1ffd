"""Logs that are watched, how far each file was read, what was read of it, and what rules found."""

from django.db import models


class WatchedLog(models.Model):
    """A log of one system: the files `pattern` names, read as `format`; rules for its product, category and service apply.

    `silent_after_seconds` is how long it may say nothing; `fields_seen` are the names that its events had so far. What came of it
    is kept for `kept_days` after it was read. `rules_ran` are the digests of the rules, by id, that its last reading ran;
    `baselined_at` is up to when irregularities were looked for; `numbers` are the last of each host's sequence, where lines are numbered.
    """

    name = models.SlugField(max_length=60)
    system_id = models.CharField(max_length=200)
    pattern = models.TextField()
    format = models.CharField(max_length=20)
    product = models.CharField(max_length=60, blank=True)
    category = models.CharField(max_length=60, blank=True)
    service = models.CharField(max_length=60, blank=True)
    silent_after_seconds = models.PositiveIntegerField()
    fields_seen = models.JSONField(default=list)
    kept_days = models.PositiveIntegerField(default=90)
    rules_ran = models.JSONField(default=dict)
    numbers = models.JSONField(default=dict)
    baselined_at = models.DateTimeField(null=True, blank=True)
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=["name"], name="logs_name_once"),)

    def __str__(self) -> str:
        return self.name


class LogFile(models.Model):
    """A file as far as it was read; see `tailing.Followed`."""

    id = models.CharField(primary_key=True, max_length=16)
    log = models.ForeignKey(WatchedLog, models.PROTECT, related_name="files")
    head = models.CharField(max_length=64)
    head_bytes = models.PositiveIntegerField()
    read_bytes = models.PositiveBigIntegerField()
    last = models.CharField(max_length=64, blank=True)
    last_bytes = models.PositiveIntegerField(default=0)
    path = models.TextField()

    class Meta:
        ordering = ("log", "id")

    def __str__(self) -> str:
        return self.path


class Scan(models.Model):
    """One reading of what is new in a log. `troubles` say where events may be missing or altered; `rules` is the digest of those that ran.

    `first_at` and `last_at` are the earliest and latest times that its events say; `steps_back` how often time went back by
    more than rules forgive; `unread` the lines that are not of the log's format. `gaps` are spans longer than it may be silent,
    as (from, until) in ISO 8601; `missing` are numbers of a host's sequence that did not come, as
    (host, first, last). `rules_left_out` could not be read, and `rules_blind` ask for fields that no event ever had.
    """

    log = models.ForeignKey(WatchedLog, models.PROTECT, related_name="scans")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    size_bytes = models.PositiveBigIntegerField(default=0)
    lines = models.PositiveIntegerField(default=0)
    unread = models.PositiveIntegerField(default=0)
    undated = models.PositiveIntegerField(default=0)
    undecided = models.PositiveIntegerField(default=0)
    steps_back = models.PositiveIntegerField(default=0)
    first_at = models.DateTimeField(null=True, blank=True)
    last_at = models.DateTimeField(null=True, blank=True)
    troubles = models.JSONField(default=list)
    rules = models.CharField(max_length=64)
    rules_run = models.PositiveIntegerField(default=0)
    rules_left_out = models.PositiveIntegerField(default=0)
    rules_blind = models.PositiveIntegerField(default=0)
    gaps = models.JSONField(default=list)
    missing = models.JSONField(default=list)
    fields_seen = models.JSONField(default=list)
    entry_id = models.CharField(max_length=36)

    class Meta:
        ordering = ("log", "began_at")
        indexes = (models.Index(fields=["log", "began_at"], name="logs_scan_order"),)

    def __str__(self) -> str:
        return f"{self.log_id} at {self.began_at:%Y-%m-%d %H:%M:%S}"


class Segment(models.Model):
    """Bytes of a file that were read in one scan. The ledger has `root`, the salted digest of its lines, which holds after one is erased.

    `sha256` is of the bytes, so that an edit of the file afterwards shows; "" once a line in them named somebody who was erased.
    """

    scan = models.ForeignKey(Scan, models.PROTECT, related_name="segments")
    file = models.ForeignKey(LogFile, models.PROTECT, related_name="segments")
    first_byte = models.PositiveBigIntegerField()
    size_bytes = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64, blank=True)
    root = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.file_id} from {self.first_byte}"


class Part(models.Model):
    """A file with what was read of a log, as columns; see `parts`. `path` is below the workspace. Dropped ones have no row."""

    log = models.ForeignKey(WatchedLog, models.PROTECT, related_name="parts")
    path = models.CharField(max_length=300, unique=True)
    read_at = models.DateTimeField()
    rows = models.PositiveIntegerField()
    size_bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    first_at = models.DateTimeField(null=True, blank=True)
    last_at = models.DateTimeField(null=True, blank=True)
    fields = models.JSONField(default=list)

    class Meta:
        ordering = ("read_at", "id")
        indexes = (models.Index(fields=["log", "last_at"], name="logs_part_order"),)

    def __str__(self) -> str:
        return self.path


class Hour(models.Model):
    """How many events of one host a log had in the hour that begins at `at`; host "" where events name none."""

    log = models.ForeignKey(WatchedLog, models.PROTECT, related_name="hours")
    host = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    events = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("at", "id")
        constraints = (models.UniqueConstraint(fields=["log", "host", "at"], name="logs_hour_once"),)

    def __str__(self) -> str:
        return f"{self.host} at {self.at:%Y-%m-%d %H}"


class Pair(models.Model):
    """Somebody at some host (or from an address, if events say no more), and when a log first told of both; but failures."""

    log = models.ForeignKey(WatchedLog, models.PROTECT, related_name="pairs")
    who = models.CharField(max_length=200)
    host = models.CharField(max_length=200)
    first_at = models.DateTimeField()

    class Meta:
        ordering = ("first_at", "id")
        constraints = (models.UniqueConstraint(fields=["log", "who", "host"], name="logs_pair_once"),)

    def __str__(self) -> str:
        return f"{self.who} at {self.host}"


class Canary(models.Model):
    """A sign-in that must fail, tried once a day at `address`, which a rule must find in `log` within so many seconds."""

    log = models.ForeignKey(WatchedLog, models.PROTECT, related_name="canaries")
    address = models.CharField(max_length=300)
    within_seconds = models.PositiveIntegerField()
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.address


class CanaryTry(models.Model):
    """One try of a canary, under a name that nobody else has; `said` is what came of it, `found_at` when a rule found it."""

    canary = models.ForeignKey(Canary, models.PROTECT, related_name="tries")
    name = models.CharField(max_length=60, unique=True)
    tried_at = models.DateTimeField()
    said = models.CharField(max_length=300, blank=True)
    found_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("tried_at", "id")

    def __str__(self) -> str:
        return self.name


class Retro(models.Model):
    """Rules that are new or changed, run over what was kept of a log before: `rules` are their digests by id.

    `parts_left` are the parts still to be looked at, oldest first; `met` is what correlations among them still count.
    """

    log = models.ForeignKey(WatchedLog, models.PROTECT, related_name="retros")
    rules = models.JSONField(default=dict)
    parts_left = models.JSONField(default=list)
    met = models.JSONField(default=list)
    lines = models.PositiveBigIntegerField(default=0)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{len(self.rules)} rules over {self.log_id}"


class Met(models.Model):
    """That a rule met which correlations count: kept as long as the longest of them looks back. `fields` are only those they group by."""

    log = models.ForeignKey(WatchedLog, models.PROTECT, related_name="met")
    rule = models.CharField(max_length=200)
    at = models.DateTimeField()
    fields = models.JSONField(default=dict)

    class Meta:
        ordering = ("at", "id")
        indexes = (models.Index(fields=["log", "at"], name="logs_met_order"),)

    def __str__(self) -> str:
        return f"{self.rule} at {self.at}"


class Detection(models.Model):
    """What a rule found: its title, author and licence stay with it. `line` is what the log says, `times` how often within the scan.

    Found in a reading (`scan`), or by a rule that came later in what was read before (`retro`).
    """

    log = models.ForeignKey(WatchedLog, models.PROTECT, related_name="detections")
    scan = models.ForeignKey(Scan, models.PROTECT, null=True, blank=True, related_name="detections")
    retro = models.ForeignKey(Retro, models.PROTECT, null=True, blank=True, related_name="detections")
    rule = models.CharField(max_length=200)
    title = models.TextField()
    level = models.CharField(max_length=20, blank=True)
    author = models.TextField(blank=True)
    licence = models.TextField(blank=True)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)
    group = models.JSONField(default=dict)
    line = models.TextField(blank=True)
    found_at = models.DateTimeField()

    class Meta:
        ordering = ("-first_at", "-id")
        indexes = (models.Index(fields=["log", "first_at"], name="logs_detection_order"),)

    def __str__(self) -> str:
        return self.title
