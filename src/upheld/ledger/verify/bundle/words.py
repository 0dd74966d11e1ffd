"""Words in a bundle that people read and no digest is of: named, since whoever made the bundle could have written others."""

from collections.abc import Iterator

from upheld.ledger.verify.bundle.bundle import Bundle
from upheld.ledger.verify.bundle.deciding import UPHELD


def unbound(bundle: Bundle, *, reperformed: bool) -> list[str]:
    """Return a sentence on each kind of word that nothing here was held against; judging again settles some of them."""
    return list(_unbound(bundle, reperformed=reperformed))


def _unbound(bundle: Bundle, *, reperformed: bool) -> Iterator[str]:
    judged = bundle.verdicts.all
    if any(each.reason or each.gaps for each in judged):
        yield "the words that give a reason for a verdict or a gap: they are the maker's, and no digest is of them"
    yield "which versions made it (manifest.json: software)"
    if reperformed:
        return
    if any(each.state == UPHELD for each in judged):
        yield "until when the passes of measures that are upheld hold (flips_at), but that it is not at risk yet: judge again (--reperform)"
    if count := sum(1 for each in judged for _ in each.subjects or ()):
        yield f"labels and details of the {count:,} subjects named: judge again (--reperform) to hold them against the rows"
    if count := sum(each.ran is not None for each in judged):
        yield f"the {count:,} queries as they are said to have run (queries/): judge again (--reperform); measures/ are those judged"
