"""`upheld erase`: erase a person, and print the receipt."""

import json
from typing import Any

import click

from upheld.cli.shell import counted, one_at_a_time, print_json, ready, ready_to_enter, say
from upheld.erasure import receipt, records
from upheld.erasure.handed_in import HandedIn
from upheld.erasure.owing import settle
from upheld.erasure.perform import FENCE_DAYS
from upheld.erasure.perform import erase as perform
from upheld.erasure.person import Unclear
from upheld.erasure.plan import Plan, Refused, plan
from upheld.erasure.records import Naming
from upheld.evidence.visible import visible
from upheld.ledger import sequencer
from upheld.vault.keys import here

_AROUND = 30  # letters shown before and after what is rewritten


@click.command()
@click.argument("person")
@click.option("--basis", required=True, help="Why, as logged in the clear: 'GDPR 17(1)(b)'. Name nobody in it.")
@click.option("--dry-run", is_flag=True, help="Only say what there is, where and how many; change nothing.")
@click.option("--fence-days", default=FENCE_DAYS, show_default=True, type=click.IntRange(1, 3660),
              help="How long a keyed hash of the person's names keeps sources and restores from bringing them back.")  # fmt: skip
@click.option(
    "--again", default="", metavar="ERASURE", help="Does again this erasure, forgotten when the machine was put back; its receipt has it."
)
@click.option("--with-files", is_flag=True, help="Delete every file handed in that names them, not only those of records about them.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_context
def erase(
    context: click.Context, person: str, basis: str, dry_run: bool, fence_days: int, again: str, with_files: bool, yes: bool, as_json: bool
) -> None:
    """Erase PERSON (their number in the HR list, else a mail address or user name that only they have), and print the receipt.

    Remove them from the systems that are read first. Exit status 1 if something of them is left, which the receipt says.
    """
    space = ready() if dry_run else ready_to_enter()
    with one_at_a_time(space):
        try:
            found = plan(person, here(), with_files=with_files)
            if dry_run:
                _print_plan(found, as_json)
                return
            found.require_allowed(basis)
            if not (yes or as_json):
                _print_plan(found, as_json)
                click.confirm("Erase all of it? This cannot be taken back", abort=True)
            text = perform(found, here(), basis=basis, fence_days=fence_days, again=again, reached=_say)
        except Unclear as error:
            _settle(again, str(error), as_json)
            return
        except Refused as error:
            raise click.ClickException(str(error)) from error
    facts = receipt.verified(text, [sequencer.verification_key(sequencer.current())])
    if as_json:
        print_json({**facts, "receipt": text})
    else:
        click.echo(text, nl=False)
    context.exit(0 if facts["complete"] else 1)


def _settle(again: str, said: str, as_json: bool) -> None:
    """Say that nobody was found; that settles an erasure that is owed."""
    if not again:
        raise click.ClickException(said)
    try:
        settle(here(), again, found=False)
    except Refused as error:
        raise click.ClickException(str(error)) from error
    say({"settled": again, "found": False}, f"Settled {again}: {said.partition(':')[0]}, so that there is nothing to erase again.", as_json)


def _say(step: str) -> None:
    if "," not in step:
        click.echo(f"  {step}", err=True)


def _print_plan(found: Plan, as_json: bool) -> None:
    if as_json:
        rewritten = [
            {"record": each.record.reference, "column": name, "before": was, "after": now}
            for each in found.records
            for name, (was, now) in each.changes.items()
        ]
        print_json(
            {
                **found.counts(),
                "rewritten": rewritten,
                "handed_in": [
                    {"sha256": each.file.sha256, "records": each.records, "deleted": each in found.going} for each in found.files
                ],
                "holds": [hold.id for hold in found.holds],
                "still_shown_by": found.standing,
                **_remarks(found),
            }
        )
        return
    click.echo("\n".join(_lines(found)))


def _lines(found: Plan) -> list[str]:
    said = [f"{each.table} from {each.source}: {counted(each.erased, 'version')} erased, {each.masked:,} masked" for each in found.rows]
    said += [f"{label}: {counted(rows, 'row')} masked or deleted" for label, rows in found.texts.items()]
    said += [f"{label}: {counted(rows, 'record')} rewritten, with an entry each" for label, rows in records.counted(found.records).items()]
    said += [f"  {line}" for each in found.records for line in _rewritten(each)]
    said += [
        f"{label}: {counted(rows, 'row')} NOT changed, as they say how a source is reached: give the source another way"
        for label, rows in found.elsewhere.items()
    ]
    said += [f"file {each.file.sha256[:16]}... of {_of(each)}: {'deleted' if each in found.going else _LEFT}" for each in found.files]
    said.append(f"past judgements: {counted(len(found.populations), 'population')} deleted; the next judgement writes them anew")
    said.append(f"ledger: {counted(found.sealed.openings, 'sealed value')} and {counted(len(found.sealed.own), 'key')} destroyed")
    if found.sealed.texts:
        said.append(f"ledger: {counted(found.sealed.texts, 'text')} of several people redacted")
    if found.standing:
        said.append(f"Still shown by {', '.join(found.standing)}: rows of theirs are masked until those sources forget them, too.")
    said += [f"UNDER HOLD until {hold.until:%Y-%m-%d}: {visible(hold.reason)} ({hold.id})" for hold in found.holds]
    if found.accounts:
        said.append("They can still sign in here: end their account first (upheld accounts end).")
    return said + [f"Not attributed: {visible(remark)}" for remark in found.person.remarks]


_LEFT = "names them and is LEFT (--with-files deletes it, whatever else is in it)"


def _of(each: HandedIn) -> str:
    return ", ".join(each.records) or "no record"


def _rewritten(each: Naming) -> list[str]:
    """Return a line for each column of a record that will be rewritten: what stands there, and what will."""
    return [f"{each.record.reference}  {name}: {' -> '.join(_around(*map(_said, change)))}" for name, change in each.changes.items()]


def _said(value: Any) -> str:
    return visible(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _around(was: str, now: str) -> tuple[str, str]:
    """Return what differs, with a few words around it, of texts that may be pages long."""
    start = max(0, _alike(was, now) - _AROUND)
    end = max(0, _alike(was[start:][::-1], now[start:][::-1]) - _AROUND)
    return (_cut(was, start, end), _cut(now, start, end))


def _alike(one: str, other: str) -> int:
    """Return how many letters the two begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def _cut(text: str, start: int, end: int) -> str:
    return f"{'...' if start else ''}{text[start : len(text) - end]}{'...' if end else ''}"


def _remarks(found: Plan) -> dict[str, Any]:
    return {"not_attributed": found.person.remarks, "account_that_signs_in": found.accounts}
