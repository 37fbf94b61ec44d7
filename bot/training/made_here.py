"""Which models were trained here, by their content: what was cut off, or is a stranger's, is not."""

from __future__ import annotations

import getpass
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from pathlib import Path

from bot.training.kinds import Kind

FILE = ".made.jsonl"  # in the folder of models, a line a training
_KEPT = 50
_PIECE = 1 << 20


@dataclass(frozen=True, kw_only=True)
class MadeHere:
    digest: str  # SHA-256 of the model's file
    model: str  # its name then
    at: str  # ISO, UTC
    by: str
    kind: str  # name of a Kind
    basis: str = ""  # bot.training.inputs.basis; "": not known


def digest_of(path: Path) -> str:
    """SHA-256 of a file, in hex. Raises OSError."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


def note_made(models: Path, model: Path, kind: Kind, basis: str = "") -> None:
    """Written whole before the model gets its place. Raises OSError."""
    mine = MadeHere(
        digest=digest_of(model),
        model=model.name,
        at=datetime.now(timezone.utc).isoformat(timespec="seconds"),
        by=whoever(),
        kind=kind.name,
        basis=basis,
    )
    rows = [*made_here(models), mine][-_KEPT:]
    half = models / f"{FILE}.half"
    half.write_text("".join(json.dumps(asdict(one)) + "\n" for one in rows), "utf-8")
    half.replace(models / FILE)


def made_here(models: Path) -> list[MadeHere]:
    """Oldest first; a line that cannot be read is none."""
    try:
        lines = (models / FILE).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return []
    return list(_readable(lines))


def basis_of(model: Path) -> str:
    """What is noted of a model beside it; empty where nothing is. Raises OSError."""
    digest = digest_of(model)
    noted = [one.basis for one in made_here(model.parent) if one.digest == digest]
    return noted[-1] if noted else ""


def times_further(models: Path) -> int:
    """How often in a row models have gone on from the one before, since the last whole training."""
    count = 0
    for one in reversed(made_here(models)):
        if one.kind != Kind.FURTHER.name:
            break
        count += 1
    return count


def _readable(lines: list[str]) -> Iterator[MadeHere]:
    for line in lines:
        try:
            yield MadeHere(**json.loads(line))
        except (ValueError, TypeError):
            continue


def whoever() -> str:
    """Who is at the machine, as it knows them."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())
