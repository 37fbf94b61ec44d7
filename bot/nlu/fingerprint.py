"""What a trained model depends on besides its data, so that a change to it trains anew.

Rasa's own fingerprint covers the training data, the configuration and the component's class,
but neither the word lists nor the modules that the class calls: without this, `rasa train`
says there is nothing to train and serves the old model.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "bot.nlu"


def trained_on(files: Iterable[Path], component: str) -> str:
    """A hash over these files and the sources behind a component's module (`__name__`)."""
    digest = hashlib.sha256()
    for file in [*files, *sources_behind(component)]:
        digest.update(file.name.encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def sources_behind(module: str) -> list[Path]:
    """The module's source and those of this package that it imports, inside functions too.

    Raises ModuleNotFoundError when the module has no source: its fingerprint would cover nothing.
    """
    found: set[Path] = set()
    waiting = [module]
    while waiting:
        source = ROOT / f"{waiting.pop().replace('.', '/')}.py"
        if source not in found and source.exists():
            found.add(source)
            waiting += _imported(source)
    if not found:
        raise ModuleNotFoundError(f"no source of {module}", name=module)
    return sorted(found)


def _imported(source: Path) -> Iterator[str]:
    """Names below the package that may be modules: `from bot.nlu import x` names x, or a value."""
    for node in ast.walk(ast.parse(source.read_bytes())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(PACKAGE):
            yield str(node.module)
            yield from (f"{node.module}.{name.name}" for name in node.names)
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names if name.name.startswith(PACKAGE))
