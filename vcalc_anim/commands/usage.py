"""Wrong usage told as everything else is: in one sentence, with where to read on."""

from __future__ import annotations

from typing import Any, NoReturn

from typer import BadParameter
from typer.core import TyperGroup

from vcalc_anim.errors import InputError

_UsageError: type[Exception] = BadParameter.__mro__[1]  # Typer does not name it


class Commands(TyperGroup):
    """A group of commands that raises :class:`InputError` where Typer would print a box."""

    def make_context(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().make_context(*args, **kwargs)
        except _UsageError as error:
            _raise(error)

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except _UsageError as error:
            _raise(error)


def _raise(error: Any) -> NoReturn:
    if type(error).__name__ == "NoArgsIsHelpError":  # its message is the help itself
        raise error
    command = error.ctx.command_path if error.ctx else "vcalc"
    said = error.format_message().replace("Value error, ", "").replace("Input should be", "it should be")
    raise InputError(f"{said.rstrip('.')}; see {command} --help") from error
