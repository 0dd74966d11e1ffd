"""Searching what is public: every word must occur. Pure."""

from dataclasses import dataclass

from upheld.web.trust.public import Public, PublicPolicy, PublicPromise, PublicShare

MOST = 50


@dataclass(frozen=True)
class SearchPage:
    """What was looked for and found, at most `MOST` of each; `more` are not shown."""

    asked: str
    promises: tuple[PublicPromise, ...]
    policies: tuple[PublicPolicy, ...]
    shares: tuple[PublicShare, ...]
    more: int

    @property
    def found(self) -> int:
        """How many are shown."""
        return len(self.promises) + len(self.policies) + len(self.shares)


def search(public: Public, asked: str) -> SearchPage:
    """Return what of `public` holds every word of `asked`; nothing where nothing was asked."""
    words = asked.casefold().split()[:10]

    def holds(*texts: str) -> bool:
        said = "\n".join(texts).casefold()
        return bool(words) and all(word in said for word in words)

    every = [promise for document in public.documents for promise in document.promises]
    promises = [each for each in every if holds(each.id, each.text, each.label, *each.clauses, *(means.title for means in each.means))]
    policies = [each for each in public.policies if holds(each.title, each.text)]
    shares = [each for each in public.shares if holds(each.title, each.purpose, *each.countries)]
    shown = (tuple(promises[:MOST]), tuple(policies[:MOST]), tuple(shares[:MOST]))
    return SearchPage(asked, *shown, more=len(promises) + len(policies) + len(shares) - sum(map(len, shown)))
