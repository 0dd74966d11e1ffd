"""Searching what is public: every word must occur. Pure."""

from dataclasses import dataclass

from upheld.web.trust.public import Public, PublicCertificate, PublicNews, PublicPolicy, PublicPromise, PublicShare

MOST = 50


@dataclass(frozen=True)
class SearchPage:
    """What was looked for and found, at most `MOST` of each; `more` are not shown."""

    asked: str
    promises: tuple[PublicPromise, ...]
    policies: tuple[PublicPolicy, ...]
    shares: tuple[PublicShare, ...]
    news: tuple[PublicNews, ...]
    certificates: tuple[PublicCertificate, ...]
    more: int

    @property
    def found(self) -> int:
        """How many are shown."""
        return sum(map(len, (self.promises, self.policies, self.shares, self.news, self.certificates)))


def search(public: Public, asked: str) -> SearchPage:
    """Return what of `public` holds every word of `asked`; nothing where nothing was asked."""
    words = asked.casefold().split()[:10]

    def holds(*texts: str) -> bool:
        said = "\n".join(texts).casefold()
        return bool(words) and all(word in said for word in words)

    every = [promise for document in public.documents for promise in document.promises]
    found = (
        [each for each in every if holds(each.id, each.text, each.label, *each.clauses, *(means.title for means in each.means))],
        [each for each in public.policies if holds(each.title, each.text)],
        [each for each in public.shares if holds(each.title, each.purpose, *each.countries, *each.categories)],
        [each for each in public.news if holds(each.title, *(said.text for said in each.said))],
        [each for each in public.certificates if holds(each.standard, each.scope, each.body, each.serial)],
    )
    promises, policies, shares, news, certificates = found
    more = sum(max(0, len(each) - MOST) for each in found)
    return SearchPage(
        asked,
        tuple(promises[:MOST]),
        tuple(policies[:MOST]),
        tuple(shares[:MOST]),
        tuple(news[:MOST]),
        tuple(certificates[:MOST]),
        more,
    )
