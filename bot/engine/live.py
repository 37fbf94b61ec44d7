"""Lets what a trainer saves work at once: new lines vote beside the model, changed replies are said.

Nothing is trained for it. A plain question with its answer needs no rule, so that it is answered
from the moment its file is saved; what needs rules waits for the next training.
"""

from __future__ import annotations

from pathlib import Path

import structlog

from bot.engine.live_files import LiveFiles
from bot.engine.wording import FreshWording
from bot.nlu.components.classifier import ShopIntentClassifier
from bot.nlu.components.extractor import ShopEntityExtractor
from bot.nlu.live_lines import LiveLines

log = structlog.get_logger(__name__)


class Live:
    """Of one model: what stands on disk beside it."""

    def __init__(
        self,
        classifier: ShopIntentClassifier,
        extractor: ShopEntityExtractor,
        wording: FreshWording,
    ) -> None:
        self._classifier, self._extractor, self._wording = classifier, extractor, wording
        self._trained = wording.responses  # by name, as the model was trained with them
        self._files: LiveFiles | None = None

    @property
    def classifier(self) -> ShopIntentClassifier:
        """With the lines that vote beside it."""
        return self._classifier

    def follow(self, root: Path, own: Path | None = None) -> None:
        """From now on the project in this folder is looked at, and the shop's own replies in `own`."""
        model = self._classifier.model
        self._files = LiveFiles(
            root,
            learned=self._classifier.learned,
            labels=model.labels if model else (),
            replies=self._trained,
            own=own,
        )

    def read_words(self) -> None:
        """Takes in the word lists of entities. Raises where they cannot be read: nothing changes."""
        self._extractor.read_words()

    def refresh(self) -> bool:
        """Takes in what has been saved since the last call; whether anything was.

        Blocks: a second at first, then a millisecond, or as many as there are new lines. Turns may
        go on meanwhile in another thread: each is answered with all of it or with nothing.
        """
        if self._files is None or (saved := self._files.read()) is None:
            return False
        model = self._classifier.model
        lines = LiveLines.of(saved.lines, model, self._classifier.live) if model else None
        # What has gone from disk can still be said: a turn may just have been read as it.
        self._wording.responses = {**self._wording.responses, **self._trained, **saved.replies}
        self._classifier.live = lines
        log.info("live.taken_in", lines=len(saved.lines), replies=len(saved.replies))
        return True
