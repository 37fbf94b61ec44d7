"""Rasa's command line without the warnings that mean nothing here: `python -m bot.rasa_cli train`.

Rasa and Sanic switch warnings on, whatever PYTHONWARNINGS says: three hundred lines at every
training, in which a trainer would miss the one that matters. Plain `rasa train` does the same.
"""

from __future__ import annotations

import re
import sys
import warnings
from collections.abc import Iterable
from typing import TextIO

from bot.lean_training import train_leanly

OF_PROGRAMMERS = (DeprecationWarning, PendingDeprecationWarning, FutureWarning, ImportWarning)
# Intents of buttons and pages: nobody types them, so they have no examples.
PRESSED = (
    "choose_option",
    "choose_order",
    "choose_product",
    "confirm_cancel",
    "nlu_half_sure",
    "parcel_is_found",
    "parcel_is_lost",
    "press_courier",
    "send_picture",
    "session_opened",
    "small_talk",
    "stop_follow_up",
    "unsafe",
    "view_product",
    "wait_for_it",
    "want_restock_notice",
)
MEANT_SO = re.compile(
    "|".join(
        [
            # Actions say most replies; stories name the others.
            r"The utterance '\w+' is not used in any story or rule",
            rf"The intent '({'|'.join(PRESSED)})' is listed in the domain file, but is not found",
            # Rasa adds the retrieval intent and its answer to the domain that names them already.
            r"duplicated intents have been found across multiple domain files: faq\s*$",
            r"duplicated actions have been found across multiple domain files: utter_faq\s*$",
            # The classifier chooses plain answers itself (docs/understanding.md).
            r"does not include a response selector component",
        ]
    )
)


def what_matters(message: Warning | str, category: type[Warning]) -> str:
    """The lines of a warning that mean something; empty when none does."""
    if issubclass(category, OF_PROGRAMMERS):
        return ""
    lines = str(message).splitlines()
    return "\n".join(line for line in lines if line.strip() and not MEANT_SO.search(line))


def show(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """Prints what matters of a warning, without the line of Rasa's code that gave it."""
    if told := what_matters(message, category):
        sys.stderr.write(f"{category.__name__}: {told}\n")


def read_once() -> None:
    """Rasa reads all training lines five times over for one training, of which a minute is nothing
    else. What is read is remembered; whoever asks merges it, which copies it."""
    from rasa.shared.importers import utils
    from rasa.shared.nlu.training_data.training_data import TrainingData

    read = utils.training_data_from_paths
    known: dict[tuple[str, ...], TrainingData] = {}

    def remembered(paths: Iterable[str], language: str) -> TrainingData:
        files = tuple(paths)
        if files not in known:
            known[files] = read(files, language)
        return known[files]

    utils.training_data_from_paths = remembered


def main() -> None:
    warnings.showwarning = show
    train_leanly(sys.argv[1:])
    from rasa.__main__ import main as rasa

    read_once()
    rasa()


if __name__ == "__main__":
    main()
