"""Rows of the company's own recurring tasks, and of each time that one was done."""

from typing import ClassVar

from django.db import models

from upheld.accounts.scope import Ties
from upheld.actions.models import Record


class Task(Record):
    """Something to be done again and again, by a person or by whoever holds a role; `fixed`: in a sequence from `first_on`."""

    ties: ClassVar[Ties] = Ties(chapter="tasks", owner="person", team="role")
    listed: ClassVar[tuple[str, ...]] = ("every", "fixed", "person", "role", "first_on")
    searched: ClassVar[tuple[str, ...]] = ("title", "person", "role")
    persons: ClassVar[tuple[str, ...]] = ("person",)
    title = models.CharField(max_length=300)
    how = models.TextField(blank=True)
    every = models.CharField(max_length=40)
    fixed = models.BooleanField()
    first_on = models.DateField()
    person = models.CharField(max_length=120, blank=True, db_index=True)
    role = models.CharField(max_length=60, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("title", "id")
        verbose_name = "task"

    def __str__(self) -> str:
        return self.title


class TaskDone(Record):
    """One time that a task was done: by whom, with which result, and a file that shows it (SHA-256, "" for none)."""

    ties: ClassVar[Ties] = Ties(chapter="tasks", owner="person", at="at")
    files_over: ClassVar[str] = "at"
    listed: ClassVar[tuple[str, ...]] = ("person", "at", "note")
    searched: ClassVar[tuple[str, ...]] = ("task__title", "note")
    persons: ClassVar[tuple[str, ...]] = ("person",)
    joined: ClassVar[tuple[str, ...]] = ("task",)
    task = models.ForeignKey(Task, models.PROTECT, related_name="times_done")
    person = models.CharField(max_length=120)
    at = models.DateTimeField()
    note = models.TextField()
    proof = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("-at", "-id")
        verbose_name = "task done"
        verbose_name_plural = "tasks done"

    def __str__(self) -> str:
        return f"{self.task}, {self.at:%Y-%m-%d}"
