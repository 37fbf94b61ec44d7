"""Lines as the classifier reads them, kept on disk: most of a check's time would go into this."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from bot.nlu import ngrams, normalise, stickers

_FILE = "plain_lines.json"
_TOO_MANY = 4  # times the lines in use: what was typed once and dropped is forgotten


class PlainLines:
    """Raw line → normalised text without marks; `folder` None keeps nothing."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._plain: dict[str, str] = {}
        self._is_new = False
        if folder is not None:
            self._plain = _kept(folder / _FILE)

    def of(self, texts: Sequence[str]) -> list[str]:
        return [self._of(text) for text in texts]

    def _of(self, text: str) -> str:
        plain = self._plain.get(text)
        if plain is None:
            plain = ngrams.plain(normalise.normalise(text)).replace(" ", "")
            self._plain[text] = plain
            self._is_new = True
        return plain

    def save(self, in_use: Sequence[str]) -> None:
        """Where the folder cannot be written the next check takes longer, and that is all."""
        if self._folder is None or not self._is_new:
            return
        kept = self._plain
        if len(kept) > _TOO_MANY * max(len(in_use), 1000):
            kept = {text: kept[text] for text in in_use if text in kept}
        content = json.dumps({"by": _made_by(), "plain": kept}, ensure_ascii=False)
        half = self._folder / f"{_FILE}.half"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            half.write_text(content, "utf-8")
            half.replace(self._folder / _FILE)  # a check that dies here leaves the old one
        except OSError:
            return
        self._is_new = False


def _kept(file: Path) -> dict[str, str]:
    try:
        content = json.loads(file.read_text("utf-8"))
        kept = content["plain"] if content["by"] == _made_by() else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}  # none, cut off, or of other code: made anew
    return kept if isinstance(kept, dict) else {}


def _made_by() -> str:
    """What the kept lines depend on: the code that makes them."""
    digest = hashlib.sha256()
    for module in (ngrams.__file__, normalise.__file__, stickers.__file__, __file__):
        digest.update(Path(module).read_bytes())
    return digest.hexdigest()
