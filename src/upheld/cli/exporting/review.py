"""`upheld export review`."""

from pathlib import Path
from typing import cast

import click

from upheld.actions.errors import Refused
from upheld.cli.act import account
from upheld.cli.shell import AS_JSON, ready_to_enter, say
from upheld.exports.papers.paper import LANGUAGES
from upheld.exports.papers.review import review_pdf
from upheld.exports.position import ExportError
from upheld.exports.writing import enter, write
from upheld.registers.authorization.review_models import AccessReview
from upheld.web.registers.finding import seen
from upheld.web.reviews.printed import may_print


@click.command()
@click.argument("number", type=int)
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--by", "who", envvar="UPHELD_PERSON", required=True, help="Whose eyes it is seen with: an account's mail or people.id.")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Of all but what people wrote.")
@AS_JSON
def review(number: int, out: Path, who: str, language: str, as_json: bool) -> None:
    """Write the finished access review NUMBER to the new file OUT as PDF, with every item, decision and reason. It names people."""
    ready_to_enter()
    try:
        person = account(who)
    except Refused as error:
        raise click.UsageError(str(error)) from error
    if not may_print(person):
        raise click.UsageError("A whole review is for whoever leads or audits; everybody else sees the items that they decide about.")
    found = cast("AccessReview | None", seen(person, AccessReview).filter(pk=number).first())
    if found is None:
        raise click.UsageError(f"There is no access review {number} among those that {who} may see.")
    try:
        digest = write(out, [review_pdf(found, language)])
    except ExportError as error:
        raise click.ClickException(str(error)) from error
    entry = enter("review", found.reference, {out.name: digest})
    told = {"output": str(out), "sha256": digest, "entry": entry}
    say(told, f"Wrote {out}: {found}\n  {digest}, entered in the ledger as {entry}", as_json)
