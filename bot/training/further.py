"""`python -m bot.training.further`: the last model, with the sentences that were written since.

Rasa is not asked: it would read, check and copy everything anew. What is no sentence (rules,
stories, word lists, the domain) is the last model's, for `refusals.demand_further` has seen that
nothing of it was changed; replies are said as they stand on disk in any case (`bot.engine.live`).
"""

from __future__ import annotations

import argparse
import json
import sys
import tarfile
import tempfile
import uuid
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import yaml

from bot.nlu import model_files
from bot.nlu.further import taught_further
from bot.nlu.halves import HALVES, read_halves
from bot.nlu.learned import Learned, mark_of
from bot.nlu.normalise import normalise
from bot.nlu.training_lines import TRAINING_DATA, TrainingLine, training_files, training_lines
from bot.nlu.words import Words, lexicon_files

_PACKED = 1  # of 9: numbers hardly get smaller, and a trainer waits
_CLASSIFIER = "bot.nlu.components.classifier.ShopIntentClassifier"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bot.training.further", description=__doc__)
    parser.add_argument("--models", type=Path, required=True, help="a folder; the newest is taught")
    parser.add_argument("--out", type=Path, required=True, help="a folder for the new model")
    options = parser.parse_args()
    newest = max(options.models.glob("*.tar.gz"), key=lambda one: one.stat().st_mtime)
    with tempfile.TemporaryDirectory(dir=options.out, prefix="taught-") as folder:
        root = Path(folder)
        with tarfile.open(newest) as archive:
            archive.extractall(root, filter="data")
        teach(root, training_lines(training_files(TRAINING_DATA)))
        pack(root, options.out / f"{datetime.now(timezone.utc):%Y%m%d-%H%M%S}-further.tar.gz")
    return 0


def teach(unpacked: Path, lines: Sequence[TrainingLine]) -> None:
    """Puts what is learned from the lines in the classifier's place in an unpacked model."""
    facts = next(unpacked.rglob("intents.json"))
    folder = facts.parent
    words = Words.of_files(lexicon_files(folder))
    earlier, learned = model_files.load(folder, words), Learned.load(folder)
    told = [(line.text, line.intent) for line in lines]
    fresh = [at for at, one in enumerate(told) if learned is None or not learned.knows(*one)]
    gone = learned is None or bool(learned.marks - Learned.of(told).marks)
    taught = taught_further(
        earlier,
        [normalise(text) for text, _ in told],
        [label for _, label in told],
        words,
        fresh=fresh,
        is_anything_gone=gone,
        halves=read_halves(HALVES),
        favoured=_favoured(),
    )
    missed = {at for at in fresh if not taught.reads(normalise(told[at][0]), told[at][1])}
    model_files.save(taught, folder)
    # All new lines go on voting, as on the day they were saved, until a model is trained from
    # nothing: what is near a line hears more of its vote than of what was learned here.
    now = Learned.of(told)
    before = now.marks if learned is None else learned.marks - learned.voting
    still = {mark_of(*told[at]) for at in missed} if learned is None else now.marks - before
    Learned(now.marks, frozenset(still)).save(folder)
    _rename(unpacked / "metadata.json")
    told_of = f"  学了 {len(fresh)} 句新的，记牢了 {len(fresh) - len(missed)} 句"
    sys.stdout.write(f"{told_of}\n")


def pack(unpacked: Path, place: Path) -> None:
    half = place.with_name(f"{place.name}.half")
    with tarfile.open(half, "w:gz", compresslevel=_PACKED) as archive:
        archive.add(unpacked, arcname="")
    half.replace(place)


def _favoured() -> dict[str, float]:
    config = yaml.safe_load(Path("config.yml").read_text(encoding="utf-8"))
    parts = [one for one in config.get("pipeline") or () if one.get("name") == _CLASSIFIER]
    return dict(parts[0].get("favoured") or {}) if parts else {}


def _rename(metadata: Path) -> None:
    """It is another model than the one before, and says so."""
    told: dict[str, Any] = json.loads(metadata.read_text(encoding="utf-8"))
    told["model_id"] = uuid.uuid4().hex
    told["trained_at"] = datetime.now(timezone.utc).replace(tzinfo=None).isoformat()
    metadata.write_text(json.dumps(told), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
