"""A YAML table that a trainer edits: what is wrong is told by file, line and what to write."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from difflib import get_close_matches
from pathlib import Path

import yaml

Node = yaml.Node
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast where it is there


class TableError(ValueError):
    """`file:line: what, and what to write instead`, in Chinese."""


class TableFile:
    """One file as YAML nodes, which know their lines. Every method raises TableError."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.root = yaml.compose(path.read_text(encoding="utf-8"), _LOADER)
        except FileNotFoundError:
            raise TableError(f"{path}: 没有找到这个文件") from None
        except UnicodeDecodeError:
            raise TableError(f"{path}: 请用 UTF-8 编码保存这个文件") from None
        except yaml.MarkedYAMLError as error:
            line = f":{error.problem_mark.line + 1}" if error.problem_mark else ""
            raise TableError(
                f"{path}{line}: 这里不是有效的 YAML,请检查缩进、冒号后的空格和引号({error.problem})"
            ) from None
        except yaml.YAMLError as error:
            raise TableError(f"{path}: 不是有效的 YAML: {error}") from None

    def pairs(self, node: Node | None, what: str) -> Iterator[tuple[Node, Node]]:
        """(key, value) of a mapping; a key written twice is refused, for YAML would drop one."""
        if not isinstance(node, yaml.MappingNode):
            raise self.error(node, f"{what}要写成一项一行,例如 名字: 值")
        seen = set()
        for key, value in node.value:
            if key.value in seen:
                raise self.error(key, f"「{key.value}」写了两次,请合成一处")
            seen.add(key.value)
            yield key, value

    def sections(self, names: Collection[str]) -> dict[str, Node]:
        """The file's top level; all of `names` and nothing else may stand there."""
        found = {}
        for key, value in self.pairs(self.root, "最外层"):
            found[self.known(key, names, "最外层的一项")] = value
        if missing := sorted(set(names) - set(found)):
            raise self.error(self.root, f"少了这一段: {'、'.join(missing)}")
        return found

    def words(self, node: Node) -> list[Node]:
        """A single word, or the words of a list."""
        nodes = node.value if isinstance(node, yaml.SequenceNode) else [node]
        for one in nodes:
            if not isinstance(one, yaml.ScalarNode) or not one.value.strip():
                raise self.error(one, "这里写一个名字,或一列名字,例如 [goodbye, deny]")
        return list(nodes)

    def known(self, node: Node, names: Collection[str], what: str) -> str:
        """The word itself, when it is one of `names`; else says which was probably meant."""
        word = str(node.value)
        if word in names:
            return word
        close = get_close_matches(word, names, n=1, cutoff=0.6)
        if close:
            raise self.error(node, f"没有叫「{word}」的{what},是不是「{close[0]}」?")
        listed = sorted(names)
        known = "、".join(listed[:30]) + (" ……" if len(listed) > 30 else "")
        raise self.error(node, f"没有叫「{word}」的{what},可以写: {known}")

    def error(self, node: Node | None, what: str) -> TableError:
        line = f":{node.start_mark.line + 1}" if node is not None else ""
        return TableError(f"{self.path}{line}: {what}")
