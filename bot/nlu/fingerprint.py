"""What a trained model depends on besides its data, so that a change to it trains anew.

Rasa's own fingerprint covers the training data, the configuration and the component's class,
but neither the word lists nor the modules that the class calls: without this, `rasa train`
says there is nothing to train and serves the old model.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path


def trained_on(files: Iterable[Path], modules: Iterable[str] | None = None) -> str:
    """A hash over these files and the sources of these modules of the package (None: of all)."""
    package = Path(__file__).parent
    sources = sorted(package.glob("*.py"))
    if modules is not None:
        sources = [package / f"{name}.py" for name in modules]
    digest = hashlib.sha256()
    for file in [*files, *sources]:
        digest.update(file.name.encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()
