#!/usr/bin/env python3
"""Draws docs/costs.svg, and writes the table of src/guide/other_crates.md, from what criterion measured last:

    cargo bench --bench dates --bench evaluate --bench ranges --bench tags -- \
        '^(decision|Range|tags: [0-9]|read|refuse|write)'
    benches/plot.py          # draws
    benches/plot.py --table  # prints the table of src/guide/other_crates.md

All is of one run, on one machine: of its times only the ratios are shown, that of each opponent
to this crate. More than 1 is in this crate's favour.
"""

import json
import math
import pathlib
import sys
from xml.sax.saxutils import escape

ROOT = pathlib.Path(__file__).parent.parent
OURS = "http-conditional"
# What each group of measurements is called, in the order of the picture. Those that are not named
# here are no comparison with another crate.
CHAPTERS = [
    ("decision: ", "A whole decision"),
    ("tags: ", "A list of entity tags"),
    ("read ", "A date, read"),
    ("refuse ", "What is no date, refused"),
    ("write ", "A value, written"),
    ("Range: ", "A Range, resolved"),
]
NOT_OPPONENTS = {"walking the map", "memchr"}


def measured():
    """Of each group, the nanoseconds of each function of it."""
    groups = {}
    for file in (ROOT / "target/criterion").glob("*/*/new/benchmark.json"):
        of = json.loads(file.read_text())
        estimates = json.loads((file.parent / "estimates.json").read_text())
        group = groups.setdefault(of["group_id"], {})
        group[of["function_id"]] = estimates["median"]["point_estimate"]
    return groups


def rows():
    """Chapter, what is done, the opponent, and how many times as long it takes."""
    groups = measured()
    for prefix, chapter in CHAPTERS:
        of_chapter = []
        for group, times in groups.items():
            if not group.startswith(prefix) or OURS not in times:
                continue
            for opponent, time in times.items():
                if opponent != OURS and opponent not in NOT_OPPONENTS:
                    what = group[len(prefix) :]
                    of_chapter.append((chapter, what, opponent, time / times[OURS]))
        yield from sorted(of_chapter, key=lambda row: (row[2], row[3]))


def number(ratio):
    return f"{ratio:.1f}" if ratio < 9.95 else f"{ratio:.0f}"


def draw(rows):
    """One bar a row, on a scale by powers of two; what loses is hatched, not only coloured."""
    line, left, right, width = 18, 330, 60, 860
    low = min(-1, math.floor(min(math.log2(ratio) for *_, ratio in rows)))
    high = math.ceil(max(math.log2(ratio) for *_, ratio in rows))
    scale = (width - left - right) / (high - low)
    at = lambda ratio: left + (math.log2(ratio) - low) * scale
    body, y, chapter = [], 56, None
    for of, what, opponent, ratio in rows:
        if of != chapter:
            chapter = of
            y += 14
            body.append(f'<text x="8" y="{y + 13}" font-weight="600">{escape(of)}</text>')
            y += 24
        start, end = sorted((at(1), at(ratio)))
        kind = "wins" if ratio >= 1 else "loses"
        body.append(
            f'<text x="{left - 8}" y="{y + 13}" text-anchor="end">{escape(what)}'
            f' <tspan class="quiet">{escape(opponent)}</tspan></text>'
            f'<rect class="{kind}" x="{start:.1f}" y="{y + 3}" width="{max(end - start, 1):.1f}" height="12"/>'
            f'<text x="{max(end, at(1)) + 5:.1f}" y="{y + 13}">{number(ratio)}</text>'
        )
        y += line
    height = y + 16
    grid = []
    for power in range(low, high + 1):
        x = left + (power - low) * scale
        name = f"{2 ** power}" if power >= 0 else f"1/{2 ** -power}"
        if power > 6 and power % 2:  # There is no room for each.
            name = ""
        grid.append(
            f'<path class="{"one" if power == 0 else "grid"}" d="M{x:.1f} 58V{height - 10}"/>'
            f'<text class="quiet" x="{x:.1f}" y="50" text-anchor="middle">{name}</text>'
        )
    fewest = min(ratio for *_, ratio in rows)
    most = max(ratio for *_, ratio in rows)
    return f"""<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" \
viewBox="0 0 {width} {height}" role="img" aria-labelledby="costs-title costs-description" \
font-family="system-ui, sans-serif" font-size="12" fill="currentColor" \
style="max-width: 100%; height: auto">
<title id="costs-title">How many times as long other crates take</title>
<desc id="costs-description">{len(rows)} comparisons in one run, drawn by benches/plot.py: from \
{number(fewest)} to {number(most)} times as long as this crate takes. The guide's page other_crates has the figures as a table.</desc>
<!-- Alone, as in a README, the picture follows the reader's scheme; within a page, the page. -->
<style>
svg:root {{ color: #1f2328 }}
.quiet {{ opacity: .65 }}
.grid {{ stroke: currentColor; opacity: .18 }}
.one {{ stroke: currentColor; opacity: .8 }}
.wins {{ fill: #2f81c7 }}
.loses {{ fill: none; stroke: #d1662c; stroke-width: 1.5 }}
@media (prefers-color-scheme: dark) {{ svg:root {{ color: #e6edf3 }} }}
</style>
<text x="8" y="20" font-weight="600" font-size="15">How many times as long other crates take</text>
<text class="quiet" x="8" y="38">Right of 1, this crate is faster; left of it, in outline, slower. Twice as far is twice as many times.</text>
{chr(10).join(grid)}
{chr(10).join(body)}
</svg>
"""


def table(rows):
    """By chapter and opponent, the least and the most; and what is lost, each by itself."""
    chapters = {}
    for chapter, what, opponent, ratio in rows:
        chapters.setdefault((chapter, opponent), []).append((ratio, what))
    print("| | beside | times as fast | least at | slower at |")
    print("|---|---|---|---|---|")
    for (chapter, opponent), all_of in chapters.items():
        all_of.sort()
        least, most = all_of[0], all_of[-1]
        # An empty cell where none is.
        lost = ", ".join(f"{what} ({ratio:.2f})" for ratio, what in all_of if ratio < 1)
        span = number(least[0]) if len(all_of) == 1 else f"{number(least[0])} to {number(most[0])}"
        at = "" if len(all_of) == 1 else least[1]
        print(f"| {chapter} | {opponent} | {span} | {at} | {lost} |")


def main():
    found = list(rows())
    if not found:
        sys.exit("target/criterion has no comparison: run the benches first")
    if "--table" in sys.argv[1:]:
        table(found)
        return
    picture = ROOT / "docs/costs.svg"
    picture.write_text(draw(found))
    print(f"{picture.relative_to(ROOT)}: {len(found)} comparisons")


main()
