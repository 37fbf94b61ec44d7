"""A cross-validation as one HTML page: curve, confusion map with Chinese names, worst pairs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from bot.trainer.crossed import Crossed, Pair

MAPPED = 30  # intents on the map: those that are confused most
_PAIRS = 40
_CELL, _NAMES = 26, 190  # pixels
_STYLE = """
body{font:15px/1.6 "PingFang SC","Noto Sans CJK SC","Microsoft YaHei",sans-serif;margin:24px auto;
max-width:1080px;padding:0 16px;color:#1f2a25}
.map{overflow-x:auto}table{border-collapse:collapse}td,th{border-bottom:1px solid #e3dccd;
padding:4px 10px;text-align:left;vertical-align:top}td.n{text-align:right}small{color:#5d6b64}
text{font-size:12px;fill:#1f2a25}li{overflow-wrap:anywhere}
"""


def page(found: Crossed, titles: Mapping[str, str]) -> str:
    """`titles`: how intents are called in Chinese; others keep their names."""

    def name(intent: str) -> str:
        return titles.get(intent, intent)

    rows = "".join(
        f"<tr><td>{escape(name(one.name))} <small>{escape(one.name)}</small></td>"
        f"<td class=n>{one.lines}</td><td class=n>{one.recall:.0%}</td>"
        f"<td class=n>{one.precision:.0%}</td></tr>"
        for one in found.intents
    )
    pairs = "".join(
        _pair(one, name(one.written), name(one.taken_for)) for one in found.pairs[:_PAIRS]
    )
    return (
        f'<!doctype html><html lang="zh"><meta charset="utf-8"><title>听懂了多少</title>'
        f"<style>{_STYLE}</style><h1>听懂了多少</h1>"
        f"<p>每一句说法都由别的说法来判：{found.lines} 句里 {found.right:.1%} 判得和写的一样。"
        f"这是按字比的，模型还看整句的意思，听得更准；这里看的是哪些意图挨得太近、该补说法。</p>"
        f"<h2>再写下去还有没有用</h2>{_curve(found.curve)}"
        f"<h2>谁和谁弄混</h2><p>行是写的，列是听成的；颜色越深混得越多，格子里是句数。"
        f"只画最容易混的 {MAPPED} 个。</p><div class=map>{_map(found, titles)}</div>"
        f"<h2>最容易混的几对</h2><ol>{pairs}</ol>"
        f"<h2>每个意图</h2><table><tr><th>意图</th><th>说法</th><th>自己的话听对</th>"
        f"<th>听成它的真是它</th></tr>{rows}</table></html>"
    )


def _pair(one: Pair, written: str, taken_for: str) -> str:
    said = "".join(f"<li>{escape(text)}</li>" for text in one.sentences)
    return (
        f"<li><b>{escape(written)}</b> 听成 <b>{escape(taken_for)}</b>："
        f"{one.count} 句（{one.share:.0%}）<ul>{said}</ul></li>"
    )


def _map(found: Crossed, titles: Mapping[str, str]) -> str:
    shown = _most_confused(found)
    totals = {one.name: one.lines for one in found.intents}
    size = _NAMES + _CELL * len(shown)
    out = [f'<svg width="{size + 70}" height="{size}" role="img" aria-label="混淆图">']
    for at, intent in enumerate(shown):
        label, middle = escape(titles.get(intent, intent)[:14]), _NAMES + at * _CELL + _CELL * 0.7
        out.append(f'<text x="{_NAMES - 6}" y="{middle}" text-anchor="end">{label}</text>')
        out.append(f'<text transform="translate({middle},{_NAMES - 6}) rotate(-60)">{label}</text>')
    for down, a in enumerate(shown):
        for over, b in enumerate(shown):
            if count := found.confused.get((a, b), 0):
                share = count / totals[a]
                depth = min(1.0, share if a == b else share * 8)
                colour = "30,106,77" if a == b else "179,69,18"
                x, y = _NAMES + over * _CELL, _NAMES + down * _CELL
                told = f"{titles.get(a, a)} 听成 {titles.get(b, b)}：{count} 句，{share:.1%}"
                out.append(
                    f'<rect x="{x}" y="{y}" width="{_CELL - 1}" height="{_CELL - 1}" '
                    f'fill="rgba({colour},{depth:.2f})"><title>{escape(told)}</title></rect>'
                )
                if a != b and share >= 0.02:
                    out.append(f'<text x="{x + 4}" y="{y + 17}">{count}</text>')
    return "".join([*out, "</svg>"])


def _most_confused(found: Crossed) -> list[str]:
    wrong: dict[str, int] = {}
    for (a, b), count in found.confused.items():
        if a != b:
            wrong[a] = wrong.get(a, 0) + count
            wrong[b] = wrong.get(b, 0) + count
    return sorted(sorted(wrong, key=lambda one: -wrong[one])[:MAPPED])


def _curve(points: Sequence[tuple[int, float]]) -> str:
    width, height, edge = 560, 220, 40
    most, low = max(lines for lines, _ in points), min(right for _, right in points) - 0.05
    places = [
        (
            edge + (width - 2 * edge) * lines / most,
            height - edge - (height - 2 * edge) * (right - low) / (1 - low),
        )
        for lines, right in points
    ]
    drawn = " ".join(f"{x:.0f},{y:.0f}" for x, y in places)
    dots = "".join(
        f'<circle cx="{x:.0f}" cy="{y:.0f}" r="4" fill="#1e6a4d"/>'
        f'<text x="{x:.0f}" y="{y - 9:.0f}" text-anchor="middle">{right:.0%}</text>'
        f'<text x="{x:.0f}" y="{height - 14}" text-anchor="middle">{lines}</text>'
        for (x, y), (lines, right) in zip(places, points, strict=True)
    )
    return (
        f'<svg width="{width}" height="{height}" role="img" aria-label="学习曲线">'
        f'<polyline points="{drawn}" fill="none" stroke="#1e6a4d" stroke-width="2"/>{dots}</svg>'
        "<p><small>横着是说法的句数，竖着是没见过的话听对多少。右边还在往上走，多写就有用。</small></p>"
    )
