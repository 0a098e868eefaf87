"""The shape of the command line: help and usage errors in the operator's language, not click's.

Its words stand in cli.toml: [shape] for what click says in English, [wrong] for a call that is off.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import click
from click.exceptions import NoArgsIsHelpError, NoSuchCommand
from typing_extensions import override

from bot.cli.tools import Refused, words

_SENTENCE = re.compile(r"[^。：（，]+")  # of each command the list shows what stands before these
_EXTRA = re.compile(r"\((.*)\)")  # "Got unexpected extra arguments (a b)"


class Formatter(click.HelpFormatter):
    """Writes help with our words where click would write its own."""

    @override
    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, _ours(args), prefix=words()["shape"]["usage"])

    @override
    @contextmanager
    def section(self, name: str) -> Iterator[None]:
        with super().section(_ours(name)):
            yield

    @override
    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        ours = [(_ours(term), _ours(text)) for term, text in rows]
        super().write_dl(ours, col_max, col_spacing)


def _ours(text: str) -> str:
    for theirs, ours in words()["phrases"].items():
        text = text.replace(theirs, ours)
    return text


class Context(click.Context):
    """A call whose help is written by our formatter."""

    formatter_class = Formatter


class Main(click.Group):
    """The group of all commands."""

    context_class = Context

    @override
    def add_command(self, cmd: click.Command, name: str | None = None) -> None:
        cmd.context_class = Context
        for param in cmd.params:
            if isinstance(param, click.Argument):
                param.metavar = words()["argument"].get(param.name or "")
        super().add_command(cmd, name)

    @override
    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [(name, _first(one.help or "")) for name, one in sorted(self.commands.items())]
        with formatter.section("Commands"):
            formatter.write_dl(rows)

    @override
    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        with _plainly():
            return super().make_context(info_name, args, parent, **extra)

    @override
    def invoke(self, ctx: click.Context) -> object:
        with _plainly():
            return super().invoke(ctx)


def _first(text: str) -> str:
    found = _SENTENCE.match(text)
    return found[0].strip() if found else text


@contextmanager
def _plainly() -> Iterator[None]:
    """Say in one plain sentence what is off with a call; raises Refused for click's UsageError."""
    try:
        yield
    except NoArgsIsHelpError:
        raise  # it shows the help
    except click.UsageError as error:
        raise Refused("\n".join((_wrong(error), *_way_on(error.ctx)))) from error


def _way_on(ctx: click.Context | None) -> list[str]:
    if ctx is None:
        return []
    return [ctx.get_usage(), words()["wrong"]["help"].format(command=ctx.command_path)]


def _wrong(error: click.UsageError) -> str:
    said = words()["wrong"]
    if isinstance(error, NoSuchCommand):
        return said["command"].format(name=error.command_name) + _meant(error.possibilities)
    if isinstance(error, click.NoSuchOption):
        return said["option"].format(name=error.option_name) + _meant(error.possibilities)
    if isinstance(error, click.BadOptionUsage):
        return said["no_value"].format(name=error.option_name)
    if isinstance(error, click.MissingParameter):
        return said["missing"].format(name=_name(error.param))
    if isinstance(error, click.BadParameter):
        return _bad(error)
    extra = _EXTRA.search(error.message)
    return said["extra"].format(what=extra[1] if extra else error.message)


def _meant(possible: list[str] | None) -> str:
    return words()["wrong"]["meant"].format(names=" / ".join(possible)) if possible else ""


def _name(param: click.Parameter | None) -> str:
    if isinstance(param, click.Option):
        return param.opts[-1]
    return (param.human_readable_name if param is not None else "") or ""


def _bad(error: click.BadParameter) -> str:
    """What a value may be; a check of our own says it itself."""
    said, param = words()["wrong"], error.param
    kind = param.type if param is not None else None
    if isinstance(kind, click.Choice):
        return said["choice"].format(name=_name(param), known=" / ".join(map(str, kind.choices)))
    if isinstance(kind, click.IntRange):
        return said["range"].format(name=_name(param), low=kind.min, high=kind.max)
    if isinstance(kind, click.Path):
        return said["path"].format(name=_name(param))
    return said["bad"].format(name=_name(param), why=error.message)
