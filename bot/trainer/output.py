"""What a check has found, as text for people, JSON for tools and JUnit XML for CI."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from xml.etree import ElementTree

from bot.trainer.finding import ERROR, KINDS, Finding

FORMATS = ("text", "json", "junit")


def rendered(findings: Sequence[Finding], form: str, seconds: float) -> str:
    """`form`: one of FORMATS."""
    if form == "json":
        return _json(findings, seconds)
    return _junit(findings, seconds) if form == "junit" else _text(findings, seconds)


def errors_in(findings: Sequence[Finding]) -> int:
    return sum(one.level == ERROR for one in findings)


def _text(findings: Sequence[Finding], seconds: float) -> str:
    wrong = errors_in(findings)
    told = [f"{'✗' if one.level == ERROR else '·'} {one}" for one in findings]
    if not findings:
        return f"没有发现问题（{seconds:.1f} 秒）。"
    parts = [f"{wrong} 处要改"] if wrong else []
    if wrong < len(findings):
        parts.append(f"{len(findings) - wrong} 处提醒")
    return "\n".join([*told, f"{'，'.join(parts)}（{seconds:.1f} 秒）。"])


def _json(findings: Sequence[Finding], seconds: float) -> str:
    content = {
        "errors": errors_in(findings),
        "warnings": len(findings) - errors_in(findings),
        "seconds": round(seconds, 3),
        "findings": [one.as_json() for one in findings],
    }
    return json.dumps(content, ensure_ascii=False, indent=2)


def _junit(findings: Sequence[Finding], seconds: float) -> str:
    """One test case a kind of mistake: a kind that is not found passes. Warnings are told, not failed."""
    by_kind: dict[str, list[Finding]] = defaultdict(list)
    for one in findings:
        by_kind[one.kind].append(one)
    failed = {kind for kind in by_kind if KINDS[kind].is_error}
    suite = ElementTree.Element(
        "testsuite",
        name="bot check",
        tests=str(len(KINDS)),
        failures=str(len(failed)),
        errors="0",
        time=f"{seconds:.3f}",
    )
    for kind, about in KINDS.items():
        case = ElementTree.SubElement(suite, "testcase", classname="bot.check", name=about.title)
        told = "\n".join(map(str, by_kind.get(kind, ())))
        if kind in failed:
            failure = ElementTree.SubElement(
                case, "failure", message=f"{len(by_kind[kind])} 处", type=kind
            )
            failure.text = _allowed(told)
        elif told:
            ElementTree.SubElement(case, "system-out").text = _allowed(told)
    ElementTree.indent(suite)
    return ElementTree.tostring(suite, encoding="unicode", xml_declaration=True)


def _allowed(text: str) -> str:
    """Without the control characters that XML forbids."""
    return "".join(sign for sign in text if sign in "\n\t" or sign >= " ")
