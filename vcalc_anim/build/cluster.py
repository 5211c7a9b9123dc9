"""Drawing on many machines: the scenes go to a Dask cluster as parcels, and their videos come back as bytes.

No folder is shared. A worker that is lost costs only the scenes it had in hand: Dask gives them to another.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

from vcalc_anim.build.parcel import FRAMES_TOPIC, Drawn, differences, draw_on_worker, engine, pack, unpack
from vcalc_anim.build.plan import PlannedScene, by_length
from vcalc_anim.build.workers import Gathering, Told
from vcalc_anim.errors import InputError, Problem, WorkError

if TYPE_CHECKING:
    from distributed import Client

_CONNECTING = 10.0  # seconds until a scheduler counts as absent


@dataclass(frozen=True)
class Cluster:
    """A running Dask scheduler: its *address*, such as ``tcp://host:8786``, and for ``tls://`` the files of PEM keys."""

    address: str
    tls_ca: Path | None = None
    tls_cert: Path | None = None
    tls_key: Path | None = None

    @contextmanager
    def connected(self) -> Iterator[Client]:
        """A client of the cluster, once all of its workers have the same engine as this machine.

        Raises:
            InputError: the address is none, nobody answers there, keys are missing, there is no worker, or a worker
                has another engine; says which and what differs.
        """
        from distributed import Client

        try:
            client = Client(
                self.address, security=self._security(), timeout=_CONNECTING, set_as_default=False
            )
        except (OSError, ValueError, TypeError, ImportError) as error:
            reason = " ".join(str(error).split()) or type(error).__name__
            raise InputError(
                f"no Dask scheduler answers at {self.address} ({reason}); start one with: dask scheduler"
            ) from error
        with client:
            check_engines(client, self.address)
            yield client

    def _security(self) -> Any:
        files = {"--tls-ca": self.tls_ca, "--tls-cert": self.tls_cert, "--tls-key": self.tls_key}
        given = {name: path for name, path in files.items() if path is not None}
        encrypted = self.address.startswith("tls://")
        if not given and not encrypted:
            return None
        if not encrypted:
            raise InputError(
                f"{', '.join(given)} is for addresses that begin with tls://, not {self.address}"
            )
        if missing := [name for name in files if name not in given]:
            raise InputError(f"{self.address} is encrypted and needs {', '.join(missing)} too")
        for name, path in given.items():
            if not path.is_file():
                raise InputError(
                    f"{name} {path} is not there; give the PEM file that the scheduler was started with"
                )
        from distributed.security import Security

        return Security(
            tls_ca_file=str(self.tls_ca),
            tls_client_cert=str(self.tls_cert),
            tls_client_key=str(self.tls_key),
            require_encryption=True,
        )


def check_engines(client: Client, address: str) -> None:
    """Raise :class:`InputError` unless *client* has workers, and all of them draw the same pictures as this machine."""
    try:
        engines: dict[str, dict[str, str] | str] = client.run(engine)
    except (ImportError, AttributeError) as error:
        raise InputError(
            f"a worker of {address} has no vcalc ({error}); set it up from the same sources with ./scripts/build"
        ) from error
    if not engines:
        raise InputError(f"{address} has no workers; start some with: dask worker {address} --nthreads 1")
    wrong = [(name, found) for name, there in engines.items() if (found := differences(engine(), there))]  # type: ignore[arg-type]
    if wrong:
        raise InputError(
            *(
                Problem(None, None, f"worker {name} has {', '.join(found)}; set it up from the same sources")
                for name, found in wrong
            )
        )


def draw_on_cluster(
    scenes: Sequence[PlannedScene],
    cluster: Cluster,
    report: Callable[[int], None],
    finished: Callable[[PlannedScene], None],
    keep_going: bool = False,
) -> list[Problem]:
    """Draw all *scenes* into the cache on *cluster*; as :func:`~vcalc_anim.build.workers.draw_scenes` does here."""
    from distributed import KilledWorker

    told: SimpleQueue[Told] = SimpleQueue()
    with cluster.connected() as client:
        client.subscribe_topic(FRAMES_TOPIC, lambda event: told.put(tuple(json.loads(event[1]))))
        # pure=False: another run must not get what this one left, and equal jobs are not drawn twice within one.
        executor = client.get_executor(pure=False)
        futures: dict[Future[Drawn], PlannedScene] = {
            executor.submit(draw_on_worker, pack(scene.job)): scene for scene in by_length(scenes)
        }
        gathering = Gathering(futures, told.get_nowait, report, keep_going)
        try:
            for scene, drawn in gathering:
                unpack(drawn, scene.video)
                finished(scene)
        except KilledWorker as error:
            raise WorkError(
                "a scene ended several workers, most often for want of memory: "
                f"{', '.join(gathering.begun)}; give the workers more, or fewer threads and processes"
            ) from error
        except CancelledError as error:
            raise WorkError(
                f"the connection to {cluster.address} was lost; finished scenes are kept: run the same command again"
            ) from error
        finally:
            executor.shutdown(wait=False)
    return gathering.problems
