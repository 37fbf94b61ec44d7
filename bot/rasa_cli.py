"""Rasa's command line without the warnings that mean nothing here: `python -m bot.rasa_cli train`.

Rasa and Sanic switch warnings on, whatever PYTHONWARNINGS says: three hundred lines at every
training, in which a trainer would miss the one that matters. Plain `rasa train` does the same.
"""

from __future__ import annotations

import re
import sys
import warnings
from typing import TextIO

OF_PROGRAMMERS = (DeprecationWarning, PendingDeprecationWarning, FutureWarning, ImportWarning)
MEANT_SO = re.compile(
    "|".join(
        [
            # Actions say most replies; stories name the others.
            r"The utterance '\w+' is not used in any story or rule",
            # Buttons and pages send these. (A misspelt one is also missing in the domain: shown.)
            r"The intent '\w+' is listed in the domain file, but is not found in the NLU",
            # Every folder that holds plain answers names the intent that they answer.
            r"duplicated intents have been found across multiple domain files: faq\s*$",
            r"duplicated actions have been found across multiple domain files: utter_faq\s*$",
            # The classifier chooses plain answers itself (docs/understanding.md).
            r"does not include a response selector component",
        ]
    ),
    re.MULTILINE,
)


def matters(message: Warning | str, category: type[Warning]) -> bool:
    return not issubclass(category, OF_PROGRAMMERS) and not MEANT_SO.search(str(message))


def show(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """Prints a warning that matters, without the line of Rasa's code that gave it."""
    if matters(message, category):
        sys.stderr.write(f"{category.__name__}: {message}\n")


def main() -> None:
    warnings.showwarning = show
    from rasa.__main__ import main as rasa

    rasa()


if __name__ == "__main__":
    main()
