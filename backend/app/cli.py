"""`workflow-platform`: a door like the others. A command is imported when it is called: `--help` is quick."""

from importlib import import_module
from typing import ClassVar

import click


class LazyGroup(click.Group):
    """A group whose commands live in modules that are imported only when one of them is called."""

    modules: ClassVar[dict[str, tuple[str, str]]] = {
        "up": ("up.command", "Start everything, and keep it running until Ctrl-C."),
        "status": ("status", "Show what runs, and how many labellings stand where."),
        "doctor": ("doctor", "Check everything that a bug report would ask for. Exit code 1 if something failed."),
        "record": ("record.command", "Record what you do in a browser, until you close it or press Ctrl-C."),
        "import": ("importing", "Import recordings: our JSON or zip, or Chrome DevTools Recorder's JSON."),
        "label": ("label", "Label a workflow's steps anew, or those of all. What a person wrote stays."),
        "usage": ("usage", "Show what models were asked, what it cost, and what is left of the budget."),
        "export": ("export", "Write a workflow's guide into a file."),
        "mcp": ("mcp", "Let an AI agent on this machine read the guides (MCP over stdio)."),
        "runs": ("runs", "List labellings; retry or acknowledge those that need attention."),
        "backup": ("backup", "Write everything into one file, while everything runs."),
        "restore": ("restore", "Bring a backup into this instance, which must be empty."),
        "eval": ("evaluate", "Measure labels against steps that people labelled."),
        "tokens": ("tokens", "Make, list and revoke API tokens."),
        "users": ("users", "Add people, and let them in or out."),
        "migrate": ("migrate", "Bring the database to the version that this program expects."),
    }

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - the signature is click's
        return list(self.modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in self.modules:
            return None
        command: click.Command = import_module(f"app.commands.{self.modules[cmd_name][0]}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in self.modules.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="workflow-platform", prog_name="workflow-platform")
def main() -> None:
    """Record a task in the browser once; get a guide that reads as if a technical writer had written it.

    Every command takes --json (for programs) and -v (tell more). Exit codes: 0 done, 1 failed, 2 wrong usage.
    """


if __name__ == "__main__":
    main()
