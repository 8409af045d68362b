"""What can be said of the page's look without a browser: contrast, patterns, and labels apart."""

from __future__ import annotations

import itertools
import re
from datetime import timedelta
from importlib import resources

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck.report import chart, ruling
from tests.report import sample

CSS = resources.files("factcheck.report").joinpath("page", "style.css").read_text(encoding="utf-8")
KINDS = ("supported", "partly", "disputed", "contradicted", "not-enough", "not-checkable", "failed")


def palette(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", block))


LIGHT, DARK = (palette(b) for b in re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)[:2])


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def test_contrast_is_measured_rightly() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_all_text_has_contrast_enough(colours: dict[str, str]) -> None:
    assert set(colours) == set(LIGHT)
    pairs = [("ink", p) for p in ("paper", "soft", "glow", *(f"{k}-paper" for k in KINDS))]
    pairs += [("quiet", p) for p in ("paper", "soft", "glow")]
    pairs += [("link", p) for p in ("paper", "glow")]
    pairs += [("warn-ink", p) for p in ("paper", "warn-paper", "glow")]
    for kind in KINDS:
        pairs += [(kind, "paper"), (kind, f"{kind}-paper")]
    pairs += [(kind, "glow") for kind in ("supported", "contradicted", "partly")]
    for ink, paper in pairs:
        assert contrast(colours[ink], colours[paper]) >= 4.5, (ink, paper)


def test_every_verdict_has_a_pattern_and_an_icon_of_its_own() -> None:
    rules = {}
    for verdict in ruling.ORDER:
        found = re.search(rf"\.v-{verdict} \{{(.*?)\}}", CSS, re.DOTALL)
        assert found
        pattern = re.search(r"--along: (.*?);", found[1])
        assert pattern
        rules[verdict] = pattern[1]
    assert len(set(rules.values())) == len(ruling.ORDER)
    parts = resources.files("factcheck.report").joinpath("page", "parts.html").read_text("utf-8")
    for verdict in ruling.ORDER:
        assert f'id="i-{verdict}"' in parts and f'id="p-{verdict}"' in parts


# ---------------------------------------------------------------- the figure timeline

_point = st.builds(
    chart.Point,
    value=st.one_of(st.floats(0, 2e7), st.just(6.5e6)),
    when=st.one_of(st.none(), st.integers(0, 900).map(lambda d: sample.DAY - timedelta(days=d))),
    kind=st.sampled_from(["agrees", "differs", "later"]),
    figure=st.text("0123456789., mio", max_size=40),
    source=st.text("ABCabc (),-", max_size=90),
)


@settings(max_examples=120, deadline=None)
@given(st.lists(_point, min_size=1, max_size=12), st.floats(0, 2e7))
def test_no_two_labels_overlap_and_none_leaves_the_picture(points, claimed) -> None:
    own = chart.Point(claimed, sample.DAY, "article", "6.5 million", "this article")
    for made in (chart.wide([own, *points], "en"), chart.narrow([own, *points], "id")):
        boxes = [(x.x, x.y - 7, x.x + x.width, x.y + 7) for x in made.labels]
        assert len(boxes) == len(points) + 1
        for a, b in itertools.combinations(boxes, 2):
            assert a[3] <= b[1] or b[3] <= a[1] or a[2] <= b[0] or b[2] <= a[0]
        for left, top, right, bottom in boxes:
            assert left >= 0 and top >= 0 and right <= made.width + 1 and bottom <= made.height + 1
        for dot in made.dots:
            assert made.axes.left <= dot.x <= made.axes.right
            assert made.axes.top - 0.01 <= dot.y <= made.axes.bottom + 0.01


def test_later_is_to_the_right_and_more_is_higher() -> None:
    days = [sample.DAY - timedelta(days=n) for n in (300, 200, 100)]
    made = chart.wide([chart.Point(v, d, "differs", str(v), "A") for v, d in
                       zip((10, 30, 20), days, strict=True)], "en")  # fmt: skip
    xs, ys = [d.x for d in made.dots], [d.y for d in made.dots]
    assert xs == sorted(xs) and ys[1] < ys[2] < ys[0]
    assert (xs[1] - xs[0]) == pytest.approx(xs[2] - xs[1])


def test_figures_that_cannot_be_drawn_are_left_out() -> None:
    from dataclasses import replace

    checks = sample.note(1).assessments[0].figures
    odd = [replace(checks[0], value=v) for v in (float("nan"), float("inf"), -1e300)]
    assert chart.points(odd, 5.0, sample.DAY, "article") == []
    assert len(chart.points([*odd, checks[1]], float("nan"), sample.DAY, "article")) == 1


def test_ticks_are_written_in_the_notes_language() -> None:
    assert chart.number(120296, "en") == "120,296" and chart.number(120296, "id") == "120.296"
    assert chart.number(6.5e6, "id").startswith("6,5")
    assert chart.short_day(sample.DAY, "id") == "15 Nov 2013"


def test_the_links_of_the_index_have_contrast_enough() -> None:
    from factcheck.report.batch import page

    light, dark = re.findall(r"a \{ color: (#[0-9a-f]{6})", page([], "html"))
    assert contrast(light, "#ffffff") >= 4.5 and contrast(dark, "#121212") >= 4.5


def test_print_has_the_table_where_a_label_had_to_be_cut() -> None:
    def drawn(source: str) -> chart.Chart:
        return chart.wide([chart.Point(5.0, sample.DAY, "agrees", "5", source)], "en")

    assert not drawn("SOHR").cut
    long = "Office of the High Commissioner for Human Rights via The Jakarta Evening Chronicle"
    assert drawn(long).cut
