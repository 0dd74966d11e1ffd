"""The ledger's tables, the same on SQLite and PostgreSQL. Guards in the database refuse all but adding to them.

A position is a log's number shifted by 40 bits, plus the index in it: one integer key, small for the first log.
"""

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

INDEX_BITS = 40
INDEX_MASK = (1 << INDEX_BITS) - 1


class Position(models.BigIntegerField):  # type: ignore[type-arg]  # generic in the stubs alone
    """A 64-bit key that SQLite takes for its own row number, as it does only where the type reads INTEGER: 20 bytes less an entry."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str | None:
        """Return the type's name in SQL."""
        return "integer" if connection.vendor == "sqlite" else super().db_type(connection)


class Log(models.Model):
    """One log, that is one shard: the last opened is the one written to."""

    number = models.IntegerField(primary_key=True)
    origin = models.CharField(max_length=255, unique=True)
    opened_at = models.DateTimeField()

    def __str__(self) -> str:
        """Return the origin."""
        return self.origin


class Entry(models.Model):
    """A sequenced entry: the canonical bytes that were hashed. By its id it is found by `Span`."""

    position = Position(primary_key=True)
    data = models.BinaryField()

    def __str__(self) -> str:
        """Return log number and index."""
        return f"{self.position >> INDEX_BITS}/{self.position & INDEX_MASK}"


class Tile(models.Model):
    """A full tile: 256 hashes of 32 bytes, and the root over them. Partial tiles are derived from what lies below."""

    pk = models.CompositePrimaryKey("log", "level", "n")
    log = models.IntegerField()
    level = models.SmallIntegerField()
    n = models.BigIntegerField()
    root = models.BinaryField()
    hashes = models.BinaryField()

    class Meta:
        """Roots are read by the hundred, for partial tiles: together, and not from as many rows of 8 KiB each."""

        indexes = (models.Index(fields=["log", "level", "n", "root"], name="ledger_tile_root"),)

    def __str__(self) -> str:
        """Return log number, level and index."""
        return f"{self.log}/{self.level}/{self.n}"


class Span(models.Model):
    """Between which times (the first halves of their ids) the entries of a full tile lie: a few bytes where an index took 28 an entry."""

    pk = models.CompositePrimaryKey("log", "n")
    log = models.IntegerField()
    n = models.BigIntegerField()
    first = models.BigIntegerField()
    last = models.BigIntegerField()

    def __str__(self) -> str:
        """Return log number and index of the tile."""
        return f"{self.log}/{self.n}"


class Checkpoint(models.Model):
    """A signed checkpoint, as a note."""

    pk = models.CompositePrimaryKey("log", "size")
    log = models.IntegerField()
    size = models.BigIntegerField()
    note = models.TextField()
    signed_at = models.DateTimeField()

    def __str__(self) -> str:
        """Return log number and size."""
        return f"{self.log}/{self.size}"


class SigningKey(models.Model):
    """A key that took over from the one before it: it signs checkpoints of more than `after` entries. The first key has no row.

    `note` is the statement that both keys signed (`rotation.Rotation`).
    """

    pk = models.CompositePrimaryKey("log", "after")
    log = models.IntegerField()
    after = models.BigIntegerField()
    key = models.TextField()
    note = models.TextField()

    def __str__(self) -> str:
        """Return log number and size."""
        return f"{self.log}/{self.after}"


class Anchor(models.Model):
    """What a third party says of a checkpoint: a witness's cosignature (a line of a note), or a time stamp (RFC 3161, with its request).

    `by` is the witness's or authority's name here, `at` the time it states.
    """

    log = models.IntegerField()
    size = models.BigIntegerField()
    kind = models.CharField(max_length=32)
    token = models.BinaryField()
    received_at = models.DateTimeField()
    by = models.CharField(max_length=200, null=True)  # null, so that no table is rebuilt for it
    at = models.DateTimeField(null=True)
    request = models.BinaryField(null=True)

    class Meta:
        """Anchors are asked for by checkpoint, and by whose they are."""

        indexes = (
            models.Index(fields=["log", "size"], name="ledger_anchor_checkpoint"),
            models.Index(fields=["log", "kind", "by", "size"], name="ledger_anchor_by"),
        )

    def __str__(self) -> str:
        """Return kind and size."""
        return f"{self.kind} at {self.size}"


class Witness(models.Model):
    """Who is asked to cosign our checkpoints: where, under which key, and what went wrong the last time."""

    name = models.CharField(max_length=200)
    url = models.TextField()
    key = models.TextField()
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True)
    trouble = models.TextField(default="")

    class Meta:
        """A name is used once among those in use."""

        constraints = (
            models.UniqueConstraint(fields=["name"], condition=models.Q(removed_at=None), name="ledger_witness_name"),
            models.UniqueConstraint(fields=["key"], condition=models.Q(removed_at=None), name="ledger_witness_key"),
        )

    def __str__(self) -> str:
        """Return the name."""
        return self.name


class Authority(models.Model):
    """Who is asked for time stamps (RFC 3161): where, and under which roots (PEM) its answers must verify."""

    name = models.CharField(max_length=200)
    url = models.TextField()
    roots = models.TextField()
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True)
    trouble = models.TextField(default="")

    class Meta:
        """A name is used once among those in use."""

        verbose_name_plural = "authorities"
        constraints = (models.UniqueConstraint(fields=["name"], condition=models.Q(removed_at=None), name="ledger_authority_name"),)

    def __str__(self) -> str:
        """Return the name."""
        return self.name


class Watched(models.Model):
    """A log of others that we are a witness for, with the keys it signs under, a line each.

    What we last saw of it is not here but in the key directory, where no backup of this database can take it back.
    """

    origin = models.CharField(max_length=255)
    keys = models.TextField()
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        """An origin is watched once."""

        constraints = (models.UniqueConstraint(fields=["origin"], condition=models.Q(removed_at=None), name="ledger_watched_origin"),)

    def __str__(self) -> str:
        """Return the origin."""
        return self.origin


class ForkFound(models.Model):
    """A log that signed two histories, with the proof."""

    origin = models.CharField(max_length=255)
    found_at = models.DateTimeField()
    digest = models.CharField(max_length=64, unique=True)
    proof = models.BinaryField()

    def __str__(self) -> str:
        """Return the origin."""
        return self.origin


class Mention(models.Model):
    """Which entries have which subject: a digest of its type and id, and the entry's position. Derived, and made anew at will."""

    pk = models.CompositePrimaryKey("link", "position")
    link = models.BigIntegerField()
    position = models.BigIntegerField()

    def __str__(self) -> str:
        """Return the position."""
        return str(self.position)


class Outbox(models.Model):
    """An entry handed over and not yet sequenced. A row leaves only once the same bytes are in `Entry`."""

    n = models.BigAutoField(primary_key=True)
    log = models.IntegerField()
    data = models.BinaryField()

    def __str__(self) -> str:
        """Return its place in the queue."""
        return str(self.n)


class Emitter(models.Model):
    """Who counts the entries it hands over, from 1 without a gap. PostgreSQL has one for each writer at work at once."""

    log = models.IntegerField()
    name = models.CharField(max_length=64)
    n = models.BigIntegerField(default=0)

    class Meta:
        """A name counts once in a log."""

        constraints = (models.UniqueConstraint(fields=["log", "name"], name="ledger_emitter_name"),)

    def __str__(self) -> str:
        """Return name and count."""
        return f"{self.name} {self.n}"


class Opening(models.Model):
    """What opens a commitment: the value and its 64 random bytes, sealed. The only rows that may be deleted; that is erasure.

    `key` names what they are sealed under. `link` is the keyed hash of a person's type and id, to find their entries by.
    """

    pk = models.CompositePrimaryKey("entry", "field")
    entry = models.CharField(max_length=36)
    field = models.CharField(max_length=128)
    key = models.CharField(max_length=64)
    link = models.BinaryField(null=True, db_index=False)
    sealed = models.BinaryField()

    class Meta:
        """A person's entries are found by their link."""

        indexes = (models.Index(fields=["link"], name="ledger_opening_link"),)

    def __str__(self) -> str:
        """Return entry and field."""
        return f"{self.entry} {self.field}"
