"""The command `upheld`: finds its sub-commands by name, and turns every expected error into a sentence and a status."""

import gc
import importlib
import os
import sys
import traceback
from keyword import iskeyword
from pathlib import Path

import click

COMMANDS = {
    "accounts": "Make and end accounts, give roles, hand out links.",
    "act": "Do something to a register: what every form and the API do, too.",
    "ahead": "List what a clock that ran ahead left, and set it aside.",
    "apply": "Make true what a file says of sources and records.",
    "backup": "Write a backup of the workspace, or of its keys.",
    "bundle": "Write what an auditor verifies and re-performs without us.",
    "changes": "Tell why a measure's verdict is another than it was.",
    "check": "Judge every measure on what was collected.",
    "collect": "Read the sources in use.",
    "demo": "Make the sample company, read this machine, judge, and show.",
    "doctor": "Look whether this installation and its workspace are in order.",
    "document": "Import, lint and list documents of promises.",
    "drill": "Break promises on purpose, on lab services, and see it caught.",
    "enforce": "Disable, grant, revoke ... at a source, and read it back.",
    "erase": "Erase a person, and print the receipt.",
    "erased": "Look at erasures, their receipts and fences; apply them again.",
    "export": "Write registers, or how promises stand, for others.",
    "hold": "Keep people from being erased while a case lasts.",
    "import": "Bring the lines of a CSV or XLSX file into a register.",
    "init": "Make a workspace.",
    "ledger": "Look at, checkpoint and verify the ledger.",
    "logs": "Watch logs, and see what rules found in them.",
    "measures": "List measures, or lint a measure's file.",
    "restore": "Bring a backup back, or try whether it can be.",
    "notices": "See, test and retry mail and webhooks.",
    "mine": "List what somebody owes, what is due first first.",
    "retention": "Show how long things are kept, and let go what is over.",
    "run": "Collect, then check.",
    "serve": "Serve the pages on this machine.",
    "show": "Show how documents, a promise or a measure stand.",
    "source": "Add, list, test and remove sources.",
    "verify": "Verify a bundle, and re-perform it.",
    "work": "Read sources and judge measures when they are due.",
    "upgrade": "Take a workspace of an older release to this one.",
}
# These set up Django by themselves, and only where they need it.
BY_THEMSELVES = frozenset({"logs"})
LINE_END = "\n"
DONE, BROKEN_OR_UNPROVEN, MISUSE, SOURCE_FAILED = 0, 1, 2, 3


class Lazy(click.Group):
    """A group that imports a command's module only when the command is called, so that `--help` stays quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return every command's name, in alphabetical order."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Return the command, or None for one that does not exist."""
        if name not in COMMANDS:
            return None
        gc.disable()
        if name not in BY_THEMSELVES:
            set_up()
        module = f"{name}_" if iskeyword(name) else name
        command = getattr(importlib.import_module(f"upheld.cli.{module}"), module)
        gc.freeze()  # what is loaded by now stays: to look through it, at the end above all, takes half a second
        gc.enable()
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the summaries without importing anything."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name]) for name in self.list_commands(ctx)])


def set_up() -> None:
    """Set up Django on the workspace chosen; commands import models, which is possible only afterwards."""
    import django  # noqa: PLC0415  a fifth of a second that `--help` need not wait for

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upheld.settings")
    django.setup()


def _choose_workspace(_context: click.Context, _option: click.Parameter, chosen: Path | None) -> None:
    if chosen is not None:
        os.environ["UPHELD_WORKSPACE"] = str(chosen)


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="upheld")
@click.option(
    "--workspace",
    type=click.Path(path_type=Path, file_okay=False),
    help="Directory of the company's data. Default: $UPHELD_WORKSPACE, else your data directory.",
    expose_value=False,
    is_eager=True,
    callback=_choose_workspace,
)
def upheld() -> None:
    """Published security and privacy promises: kept, tested on the real systems, and provable by anyone."""


def main() -> None:
    """Run the command line and exit: 0 done, 1 broken or unproven where `--strict` asks, 2 misuse, 3 a source failed.

    An error nobody foresaw is told in one line too; `UPHELD_DEBUG=1` shows where it came from.
    """
    # A command makes many objects that last as long as it does: looking every 700 for what is over takes an eighth of a run.
    gc.set_threshold(100_000, 20, 20)
    try:
        # Without standalone mode click returns the status that a command exited with, instead of ending the process.
        status = upheld(standalone_mode=False)
    except click.Abort:
        click.echo("Stopped. Nothing that was unfinished counts.", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(MISUSE if error.exit_code == 1 else error.exit_code)
    except BrokenPipeError:
        # Who read the output has seen enough, as `head` does; what is left in the buffer has nowhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(DONE)
    except Exception as error:  # noqa: BLE001  the outermost loop: nobody above could tell the user
        sys.exit(_told(error))
    sys.exit(status if isinstance(status, int) else DONE)


def _told(error: Exception) -> int:
    """Say what happened, in one line and what to do where that is known, and return the exit status."""
    from upheld import workspace  # noqa: PLC0415  nothing here is needed unless something fails
    from upheld.evidence.visible import visible  # noqa: PLC0415  as above
    from upheld.upkeep.errors import Unsound  # noqa: PLC0415  as above
    from upheld.web.trouble import trouble  # noqa: PLC0415  as above

    if os.environ.get("UPHELD_DEBUG"):
        traceback.print_exc()
    foreseen = trouble(error, workspace.current().database)
    if foreseen is None:
        click.echo(f"Error: {visible(str(error)) or type(error).__name__} [{type(error).__name__}; UPHELD_DEBUG=1 shows where]", err=True)
        return MISUSE
    click.echo(f"Error: {visible(foreseen.said, keep=LINE_END)}", err=True)
    if isinstance(error, Unsound):
        return BROKEN_OR_UNPROVEN
    return SOURCE_FAILED if foreseen.source else MISUSE
