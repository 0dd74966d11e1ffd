"""What `upheld doctor` looks at within a workspace of this release: ledger, history, files of its own, sources."""

from collections.abc import Iterator
from pathlib import Path

from upheld import clock
from upheld.accounts.policy import FILE as SIGN_IN
from upheld.accounts.policy import PolicyError, policy
from upheld.checks import library
from upheld.checks.front import MeasureError
from upheld.checks.lint import problems
from upheld.checks.measure import read
from upheld.cli.ahead import standing as standing_ahead
from upheld.cli.observing import Look, Observation, each_of
from upheld.documents.document import load, load_all
from upheld.documents.fields import DocumentError
from upheld.evidence.store import Store
from upheld.ledger import forgetting, sequencer, standing, whole
from upheld.ledger.models import Opening
from upheld.ledger.openings import OLD_KEY
from upheld.secret import NoSecret, resolve
from upheld.sources import configured
from upheld.sources.frames import files
from upheld.sources.source import Misconfigured
from upheld.standards.standard import exists
from upheld.vault import erasures, owed
from upheld.vault.keys import here
from upheld.verdicts.attesting import disagreements
from upheld.verdicts.models import MeasureVerdict
from upheld.web.inputs import parameters_in_force
from upheld.web.unaltered import alteration
from upheld.workspace import Workspace

_FEW = 3  # names in a sentence about many


def _ledger(_space: Workspace) -> Iterator[Observation]:
    status = sequencer.status()
    wrong = [*status.wrong, *standing.standing(sequencer.current()).wrong, *whole.past_wrong()]
    said = " ".join(wrong) or f"{status.size:,} entries, {status.waiting} waiting; {status.origin}"
    yield Observation("ledger", status.mark_ok and not wrong, said)


def _erasures(_space: Workspace) -> Iterator[Observation]:
    vault = here()
    done = erasures.listed(vault)
    wrong = [f"{each.id} was stopped after {each.step}: run upheld erased reapply" for each in done if each.done_at is None]
    wrong += [f"{each} is forgotten here, and owed: upheld erase PERSON --again {each}" for each in owed.owed(vault)]
    forgotten = forgetting.why(sequencer.current())
    if forgotten:
        wrong.append(f"{forgotten}: whoever was erased since is here again. The way on: upheld ledger new-shard")
    yield from each_of("erasures", wrong, f"{len(done):,}, all of them finished" if done else "none")


def _key_store(_space: Workspace) -> Iterator[Observation]:
    vault = here()
    used = set(Opening.objects.values_list("key", flat=True).distinct()) - {OLD_KEY}
    there = vault.known(used) if vault.store.exists else set()
    lost = f"{vault.store.path} lacks {len(used - there):,} of {len(used):,} keys under which personal values are sealed: "
    wrong = [f"{lost}bring it back, or: upheld restore --keys FILE"] if used - there else []
    yield from each_of("key store", wrong, f"{len(used):,} keys of sealed values, each there")


def _measures(space: Workspace) -> Iterator[Observation]:
    files = sorted(space.measures.glob("*/*.sql"))
    yield from each_of("measures", [said for file in files for said in _wrong_with(file, space)], f"{len(files)} of your own, in order")


def _wrong_with(file: Path, space: Workspace) -> list[str]:
    """Everything that is wrong with a measure of the workspace's own, a sentence each."""
    try:
        measure = read(file, shipped=False)
        declared = library.declared(measure.chapter, (library.SHIPPED, space.measures))
    except (MeasureError, UnicodeDecodeError) as error:
        return [str(error)]
    found = [f"{file}: {each.what}; {each.remedy}" for each in problems(measure, parameters=declared, clause_exists=exists)]
    if (library.SHIPPED / f"{measure.id}.sql").exists():
        found.append(f"{file}: {measure.id} is a shipped measure; give yours another name, or set parameters to change that one")
    return found


def _parameters(space: Workspace) -> Iterator[Observation]:
    try:
        parameters_in_force()
    except MeasureError as error:
        yield Observation("parameters", False, str(error))
    else:
        yield Observation("parameters", True, f"set in {space.parameters}" if space.parameters.is_file() else "as shipped")


def _signing_in(space: Workspace) -> Iterator[Observation]:
    try:
        said = policy()
        for each in said.providers:
            if each.secret:
                resolve(each.secret)
    except (PolicyError, NoSecret) as error:
        yield Observation("signing in", False, str(error))
    else:
        set_in = space.root / SIGN_IN
        yield Observation("signing in", True, f"set in {set_in}" if set_in.is_file() else "as shipped")


def _documents(space: Workspace) -> Iterator[Observation]:
    files, wrong = sorted(space.documents.glob("*.toml")), []
    for file in files:
        try:
            load(file)
        except DocumentError as error:
            wrong.append(str(error))
    if not wrong:
        load_all(files)
    yield from each_of("documents", wrong, f"{len(files)} of your own, in order")


def _clock(_space: Workspace) -> Iterator[Observation]:
    yield Observation("clock", *standing_ahead(clock.now()))


def _history(space: Workspace) -> Iterator[Observation]:
    store = Store(space.history, files())
    yield from each_of("history", list(store.altered().values()), f"{len(store.files):,} change files, as they were written")


def _populations(space: Workspace) -> Iterator[Observation]:
    wrong, gone, verdicts = list[str](), list[str](), MeasureVerdict.objects.filter(until_at=None).exclude(outcomes="")
    for verdict in verdicts:
        file = space.root / verdict.outcomes
        if not file.is_file():
            gone.append(verdict.measure)
        elif said := alteration(file, verdict):
            wrong.append(said)
    if gone:
        wrong.append(f"{_named(gone)}: the population is gone, as after an erasure that found somebody in it. Run upheld check.")
    yield from each_of("populations", wrong, f"{len(verdicts):,} of judged measures, as they were judged")


def _named(names: list[str]) -> str:
    """Return the first few of `names`, and how many more there are."""
    more = f" and {len(names) - _FEW:,} more" if len(names) > _FEW else ""
    return ", ".join(sorted(names)[:_FEW]) + more


def _sources(_space: Workspace) -> Iterator[Observation]:
    if not configured.in_use():
        yield Observation("sources", False, "none in use; see upheld source kinds")
    for source in configured.in_use():
        try:
            configured.connect(source)
            yield Observation(f"source {source.name}", True, f"kind {source.kind}; settings are complete")
        except Misconfigured as error:
            yield Observation(f"source {source.name}", False, str(error))


def _agreement(space: Workspace) -> Iterator[Observation]:
    found = disagreements()
    yield Observation("database", not found, "; ".join(found) or "says what the ledger says")


# What is looked at once the workspace is of this release, in this order; each look yields what it sees.
LOOKS: dict[str, Look] = {
    "ledger": _ledger,
    "key store": _key_store,
    "erasures": _erasures,
    "database": _agreement,
    "clock": _clock,
    "history": _history,
    "populations": _populations,
    "measures": _measures,
    "parameters": _parameters,
    "signing in": _signing_in,
    "documents": _documents,
    "sources": _sources,
}
