"""The arguments and options that several commands of ``vcalc`` share, and how they are read."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import typer

from vcalc_anim.build.cluster import Cluster
from vcalc_anim.errors import InputError

Chapter = Annotated[str, typer.Argument(help="ch04, 4 or ch04-gradient")]
Chapters = Annotated[
    list[str] | None, typer.Argument(help="ch04, 4 or ch04-gradient; all when none is named")
]
SceneName = Annotated[str, typer.Argument(help="a scene's class; see vcalc list CHAPTER")]
QualityName = Annotated[
    Literal["draft", "preview", "standard", "high", "uhd"],
    typer.Option("--quality", help="480p15, 720p30, 1080p30, 1080p60 or 2160p60"),
]
ThemeName = Annotated[Literal["dark", "light"], typer.Option("--theme", help="the colours")]
ShapeName = Annotated[
    Literal["wide", "square", "tall"], typer.Option("--shape", help="16:9, 1:1 or 9:16, laid out anew")
]
VoiceName = Annotated[
    str | None, typer.Option("--voice", help="instead of the course's voice; see vcalc voices")
]
Settings = Annotated[
    list[str] | None, typer.Option("--set", help="a parameter, as name=value; see vcalc list CHAPTER")
]
OutFolder = Annotated[Path, typer.Option("--out", help="the folder for the results")]
AsJson = Annotated[bool, typer.Option("--json", help="tell the result as JSON")]
Jobs = Annotated[
    int | None, typer.Option("--jobs", min=1, help="processes that draw; one a core when not given")
]
Scheduler = Annotated[
    str | None, typer.Option("--scheduler", help="draw on this Dask cluster, such as tcp://host:8786")
]
TlsCa = Annotated[Path | None, typer.Option("--tls-ca", help="for tls:// the authority's certificate, PEM")]
TlsCert = Annotated[
    Path | None, typer.Option("--tls-cert", help="for tls:// this machine's certificate, PEM")
]
TlsKey = Annotated[Path | None, typer.Option("--tls-key", help="for tls:// this machine's key, PEM")]


def parse_settings(settings: Sequence[str]) -> dict[str, object]:
    """``["alpha=0.5", "start=3,2"]`` as parameters; commas make lists. Raises InputError for other forms."""
    values: dict[str, object] = {}
    for setting in settings:
        name, equals, text = (part.strip() for part in setting.partition("="))
        if not equals or not name.isidentifier() or not text:
            raise InputError(f"--set {setting!r} is not of the form name=value, such as --set alpha=0.5")
        if name in values:
            raise InputError(f"--set gives {name!r} twice; give it once")
        parts = [part.strip() for part in text.split(",")]
        values[name] = parts if len(parts) > 1 else text
    return values


def cluster_of(
    scheduler: str | None, tls_ca: Path | None, tls_cert: Path | None, tls_key: Path | None
) -> Cluster | None:
    """The cluster that the options name, or None. Raises InputError for keys without a scheduler."""
    if scheduler is not None:
        return Cluster(scheduler, tls_ca, tls_cert, tls_key)
    if tls_ca or tls_cert or tls_key:
        raise InputError("--tls-ca, --tls-cert and --tls-key go with --scheduler tls://HOST:PORT; add it")
    return None
