"""Makes the files of a new question or a new intent, with comments that say what goes where."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from bot.trainer.project import Project

_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)?")

QUESTION = """version: "3.1"

# 一个普通问答就是这一个文件。改完保存，运行 .venv/bin/python -m bot check {file}
nlu:
# 意图名：faq/ 加一个英文名。下面回答的名字是 utter_ 加上它，两处要一样。
- intent: faq/{name}
  # title 是机器人反问时按钮上的字，不超过 12 个字。
  metadata: {{title: {title}}}
  # 买家会怎么问：一行一句，前面空四格、英文短横加空格。写 30 句以上：
  # 短句、不加标点、错别字、绕着弯问都要有；换的是意思，不是只换一个名词。
  examples: |
    - {first}
    - 第二种问法写在这里
    - 第三种问法写在这里
responses:
  # 回答写两三种，轮着用。短一点，一句一个意思，不写「绝对、保证、最」。
  # 可以用 {{shop_name}} 店名、{{assistant}} 机器人自称、{{shop_kind}} 卖什么、{{new_arrivals}} 上新日。
  # 句子里有英文冒号，或以花括号开头，就整句加英文引号。
  utter_faq/{name}:
    - text: 一种回答写在这里。
    - text: 另一种回答写在这里~
"""

SENTENCES = """# 句子考题：这些话都该听成 {label}。写 10 句以上，用和训练里不一样的说法。
sentences:
- intent: {label}
  says:
  - {first}（换一种问法）
"""

INTENT = """version: "3.1"

# 买家会怎么说：一行一句，写 30 句以上，照买家打字的习惯。
nlu:
- intent: {name}
  examples: |
    - {first}
    - 第二种说法写在这里
    - 第三种说法写在这里
"""

REPLIES = """version: "3.1"

# 怎么回答：每句写两三种，轮着用。花括号里的词由动作 actions/{name}.py 填。
responses:
  utter_{name}:
    - text: "{{name}}的回答写在这里。"
    - text: 第二种回答写在这里，{{name}}~
"""

STORIES = """version: "3.1"

# 什么时候做：听到这个意图，就做这个动作。只在某个问题之后才算的，加 condition。
rules:
- rule: {name} can be said anywhere
  steps:
  - intent: {name}
  - action: action_{name}
"""

ACTION = '''"""{name}: what it is about, in one sentence."""

from __future__ import annotations

from actions.answering.answer import Answer
from actions.orders.asking import ask_which_product, can_wait
from actions.frame.chat import Chat
from actions.hearing.context import talk_of


class {classname}(Answer):
    def name(self) -> str:
        return "action_{name}"

    async def answer(self, chat: Chat) -> None:
        await tell_{name}(chat)


@can_wait("{name}")
async def tell_{name}(chat: Chat) -> None:
    talk = await talk_of(chat)
    if talk.product is None:
        await ask_which_product(chat, "{name}")
        return
    chat.reply("utter_{name}", name=talk.product.name)
'''

CONVERSATION = """# 一段对话当考题：买家说一句，写上该有的回答。
about: {title}
looking_at: boot-qiyun
turns:
- buyer: {first}
  replies: utter_{name}
"""


class CannotMake(Exception):
    """Why nothing was made, and what to write instead; nothing has been written."""


def new_question(root: Path, name: str, title: str) -> list[str]:
    """Files made, below `root`. Raises CannotMake."""
    name = name.removeprefix("faq/")
    label = f"faq/{name}"
    demand_new(root, name, label)
    file = f"data/nlu/questions/{name.replace('.', '_')}.yml"
    words = {
        "name": name,
        "label": label,
        "title": title,
        "first": title.removeprefix("问"),
        "file": file,
    }
    return _make(
        root,
        {
            file: QUESTION.format(**words),
            f"tests/sentences/{name.replace('.', '_')}.yml": SENTENCES.format(**words),
        },
    )


def new_intent(root: Path, name: str, title: str) -> list[str]:
    """The five places of an intent that does something, `domain.yml` included. Raises CannotMake."""
    if "." in name or "/" in name:
        raise CannotMake(f"「{name}」里不能有点号和斜杠；普通问答用 new question")
    demand_new(root, name, name)
    words = {
        "name": name,
        "label": name,
        "title": title,
        "first": title.removeprefix("问"),
        "classname": "".join(part.capitalize() for part in name.split("_")),
    }
    domain = root / "domain.yml"
    registered = registered_in(domain.read_text(encoding="utf-8"), name)
    made = _make(
        root,
        {
            f"data/nlu/{name}.yml": INTENT.format(**words),
            f"data/replies/{name}.yml": REPLIES.format(**words),
            f"data/stories/{name}.yml": STORIES.format(**words),
            f"actions/{name}.py": ACTION.format(**words),
            f"tests/conversations/{name}/{name}.yml": CONVERSATION.format(**words),
            f"tests/sentences/{name}.yml": SENTENCES.format(**words),
        },
    )
    half = domain.with_suffix(".half")
    half.write_text(registered, encoding="utf-8")
    half.replace(domain)
    return [*made, "domain.yml"]


def registered_in(domain: str, name: str) -> str:
    """The domain with the intent and its action; comments and order stay. Raises CannotMake."""
    lines = domain.split("\n")
    for section, entry in (("intents", name), ("actions", f"action_{name}")):
        if f"{section}:" not in lines:
            raise CannotMake(f"domain.yml 里没有 {section}: 这一段，先补上它")
        begin = end = lines.index(f"{section}:")
        for number in range(begin + 1, len(lines)):
            if lines[number].startswith("  - "):
                end = number
            elif lines[number] and not lines[number].startswith((" ", "#", "-")):
                break
        lines.insert(end + 1, f"  - {entry}")
    return "\n".join(lines)


def demand_new(root: Path, name: str, label: str) -> None:
    if not _NAME.fullmatch(name):
        raise CannotMake(f"名字「{name}」只能用小写英文字母、数字和下划线，例如 ask_gift_card")
    project = Project(root, None)
    readings = project.readings()
    from bot.trainer.examples import labels_in

    for file, reading in readings.items():
        if file.startswith("data/nlu/") and label in labels_in(reading):
            raise CannotMake(f"「{label}」已经有了，在 {file}，直接在那里加说法")
    intents = project.domain(readings["domain.yml"]).intents
    if name in intents:
        raise CannotMake(f"「{name}」已经登记在 domain.yml，换个名字，或直接给它加说法")
    parent = name.split(".")[0]
    if "." in name and parent not in intents:
        raise CannotMake(f"点号前面「{parent}」不是意图表里的意图，新问题不用点号")


def _make(root: Path, files: Mapping[str, str]) -> list[str]:
    if there := [file for file in files if (root / file).exists()]:
        raise CannotMake(f"{'、'.join(there)} 已经有了，换个名字")
    try:
        for file, text in files.items():
            (root / file).parent.mkdir(parents=True, exist_ok=True)
            (root / file).write_text(text, encoding="utf-8")
    except OSError as error:
        raise CannotMake(f"{error.filename} 写不了（{error.strerror}）") from None
    return list(files)
