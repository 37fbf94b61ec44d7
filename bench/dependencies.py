"""Holds the locks against docs/dependencies.yml: names, hashes, licences, known holes. No network.

`python -m bench.dependencies` (part of `make check`) lists what is wrong and how to mend it.
`--write` adds new packages with the licence of their installed metadata and drops those that went.
A list that was looked at long ago is a printed note and never an error: time alone breaks no check.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from importlib import metadata
from pathlib import Path
from typing import Any

import yaml
from rapidfuzz.distance import OSA

ROOT = Path(__file__).resolve().parents[1]
LIST = Path("docs/dependencies.yml")
LOOKED_AT_EVERY = timedelta(days=90)
_SHORTEST_ALIKE = 5  # characters; shorter names are alike by chance
_PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)", re.MULTILINE)
_WANTED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)", re.MULTILINE)
_ADDRESS = re.compile(r"[a-z][a-z+.-]*://|^\s*--(?:extra-)?index|^\s*--find|^\s*--trusted", re.M)
_LICENCES = {  # what metadata without an SPDX expression say, in lower case
    "apache": "Apache-2.0", "apache 2": "Apache-2.0", "apache 2.0": "Apache-2.0",
    "apache license": "Apache-2.0", "apache license 2.0": "Apache-2.0",
    "apache license, version 2.0": "Apache-2.0", "apache software license": "Apache-2.0",
    "bsd": "BSD-3-Clause", "bsd license": "BSD-3-Clause", "new bsd": "BSD-3-Clause",
    "bsd 2-clause license": "BSD-2-Clause", "bsd 3-clause": "BSD-3-Clause",
    "bsd 3-clause license": "BSD-3-Clause", "3-clause bsd license": "BSD-3-Clause",
    "isc license": "ISC", "isc license (iscl)": "ISC", "mit license": "MIT", "mit": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0", "mpl 2.0": "MPL-2.0", "psf": "PSF-2.0",
    "python software foundation license": "PSF-2.0",
}  # fmt: skip


@dataclass(frozen=True)
class Locks:
    """Everything that a clean clone installs."""

    pinned: dict[str, set[str]]  # Python package → its versions, by platform
    node: dict[str, dict[str, Any]]  # path in node_modules → entry of package-lock.json
    wanted: dict[str, set[str]]  # requirements*.in or package.json → names

    @property
    def node_names(self) -> set[str]:
        return {path.rpartition("node_modules/")[2] for path in self.node}


def read_locks(root: Path) -> Locks:
    pinned: dict[str, set[str]] = {}
    for path in _python_locks(root):
        for name, version in _PIN.findall(path.read_text(encoding="utf-8")):
            pinned.setdefault(_plain(name), set()).add(version)
    wanted = {
        path.name: {_plain(name) for name in _WANTED.findall(path.read_text(encoding="utf-8"))}
        for path in sorted(root.glob("*.in"))
    }
    package = json.loads((root / "web/package.json").read_text(encoding="utf-8"))
    wanted["package.json"] = {*package["dependencies"], *package["devDependencies"]}
    lock = json.loads((root / "web/package-lock.json").read_text(encoding="utf-8"))
    node = {path: entry for path, entry in lock["packages"].items() if path}
    return Locks(pinned, node, wanted)


def problems(root: Path) -> Iterator[str]:
    """One sentence each, with what to do."""
    known = yaml.safe_load((root / LIST).read_text(encoding="utf-8"))
    locks = read_locks(root)
    yield from _unlocked(root, locks)
    yield from _unlisted(known, locks)
    yield from _unlicensed(known, locks)
    yield from _denied(known, locks)
    yield from _alike(known, locks)
    yield from _unread_holes(known, locks)


def standing(root: Path) -> str:
    """One line on what is known, and since when."""
    known = yaml.safe_load((root / LIST).read_text(encoding="utf-8"))
    packages, holes = len(known["packages"]), len(known["holes"])
    return (
        f"{packages} packages locked, {holes} known holes listed, looked at on {known['looked_at']}"
    )


def note(root: Path, today: date) -> str:
    """A reminder where nobody has looked for long; "" otherwise."""
    looked_at: date = yaml.safe_load((root / LIST).read_text(encoding="utf-8"))["looked_at"]
    if today - looked_at <= LOOKED_AT_EVERY:
        return ""
    return (
        f"note: {LIST} was last looked at on {looked_at}; look for new holes, then change the date"
    )


def _unlocked(root: Path, locks: Locks) -> Iterator[str]:
    for path in _python_locks(root):
        content = path.read_text(encoding="utf-8")
        if found := _ADDRESS.search(re.sub(r"^\s*#.*$", "", content, flags=re.M)):
            yield f"{path.name}: {found.group().strip()!r} is an address; names and hashes alone"
        for entry in re.split(r"\n(?=[A-Za-z0-9])", content):
            if (pin := _PIN.match(entry)) and "--hash=sha256:" not in entry:
                yield f"{path.name}: {pin[1]} has no hash; run make lock"
    for name, entry in locks.node.items():
        if "resolved" in entry:
            yield f"package-lock.json: {name} names where it came from; take `resolved` out"
        if "integrity" not in entry:
            yield f"package-lock.json: {name} has no integrity hash"


def _unlisted(known: dict[str, Any], locks: Locks) -> Iterator[str]:
    for name in sorted(locks.pinned.keys() - known["packages"].keys()):
        yield f"{LIST}: {name} is locked and not listed; who makes it? then --write"
    for name in sorted(known["packages"].keys() - locks.pinned.keys()):
        yield f"{LIST}: {name} is listed and not locked; --write drops it"


def _unlicensed(known: dict[str, Any], locks: Locks) -> Iterator[str]:
    allowed = set(known["licences"])
    of_node = {name: str(entry.get("license", "?")) for name, entry in locks.node.items()}
    for name, licence in {**known["packages"], **of_node}.items():
        if not _is_allowed(licence, allowed):
            yield f"{name}: licence {licence!r} is not among those of {LIST}"


def _is_allowed(expression: str, allowed: set[str]) -> bool:
    """An SPDX expression, in brackets as a whole or in none: one side of an OR, all of an AND."""
    return any(
        all(part.strip() in allowed for part in side.split(" AND "))
        for side in expression.removeprefix("(").removesuffix(")").split(" OR ")
    )


def _denied(known: dict[str, Any], locks: Locks) -> Iterator[str]:
    denied: dict[str, str] = known["denied"]
    places = {**locks.wanted, "a lock": {*locks.pinned, *locks.node_names}}
    for place, names in places.items():
        for name in sorted(names):
            for pattern, why in denied.items():
                if re.fullmatch(pattern.replace("*", ".*"), name):
                    yield f"{place}: {name} must not be installed: {why}"


def _alike(known: dict[str, Any], locks: Locks) -> Iterator[str]:
    """Names one slip of a finger from another one: squatters live there."""
    allowed = {frozenset(pair) for pair in known["alike"]}
    for names in (locks.pinned.keys(), locks.node_names):
        ordered = sorted(name for name in names if len(name) >= _SHORTEST_ALIKE)
        for position, name in enumerate(ordered):
            for other in ordered[position + 1 :]:
                if OSA.distance(name, other) == 1 and {name, other} not in allowed:
                    yield f"{name} and {other} are alike: is one a slip? if not, list them as alike"


def _unread_holes(known: dict[str, Any], locks: Locks) -> Iterator[str]:
    for hole in known["holes"]:
        name, version = hole["package"], str(hole["version"])
        if version not in locks.pinned.get(name, set()):
            yield f"{LIST}: {hole['id']} speaks of {name} {version}, which is not locked any more"
        if not hole.get("why"):
            yield f"{LIST}: {hole['id']} does not say why it does not touch us"


def write(root: Path) -> None:
    """Brings `packages` of the list up to date; what a person wrote there stays."""
    path = root / LIST
    content = path.read_text(encoding="utf-8")
    listed: dict[str, str] = yaml.safe_load(content)["packages"] or {}
    names = sorted(read_locks(root).pinned)
    rows = "".join(f"  {name}: {listed.get(name) or licence_of(name)}\n" for name in names)
    head = content.partition("\npackages:")[0]
    path.write_text(f"{head}\npackages:\n{rows}", encoding="utf-8")


def licence_of(name: str) -> str:
    """By the installed package's metadata; "?" where they do not say, for a person to find out."""
    try:
        told = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return '"?"'
    for expression in told.get_all("License-Expression") or []:
        return str(expression)
    classifiers = told.get_all("Classifier") or []
    candidates = [str(one) for one in told.get_all("License") or [""]]
    candidates += [one.split(" :: ")[-1] for one in classifiers if one.startswith("License")]
    found = (_LICENCES.get(one.strip().lower()) for one in candidates)
    written = (
        candidates[0] if re.fullmatch(r"[A-Za-z]+-[0-9][A-Za-z0-9.-]*|ISC", candidates[0]) else ""
    )
    return written or next((one for one in found if one), '"?"')


def _python_locks(root: Path) -> list[Path]:
    return sorted(root.glob("requirements*.txt"))


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--write", action="store_true", help="bring the list of packages up to date"
    )
    if parser.parse_args().write:
        write(ROOT)
    print(standing(ROOT))
    if reminder := note(ROOT, date.today()):
        print(reminder)
    found = list(problems(ROOT))
    print("\n".join(found), file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
