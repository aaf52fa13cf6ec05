"""Figures beside figures: the best is marked, and programs get plain JSON."""

import json
import math

import pytest

from troupe.models.compositing.measuring.estimate import Estimate
from troupe.models.compositing.measuring.table import OURS, Row, as_json, as_text


def of(value, error=0.1):
    return Estimate(value, error, 31, 3)


ROWS = [
    Row("nll", of(6.71), {"prior": of(7.34), "uniform": of(11.09)}, "nats", "lower"),
    Row("best-of-5 IoU", of(0.2), {"prior": of(0.256)}, "", "higher"),
    Row("PSNR", of(math.inf, math.nan), {"paste": of(31.2)}, "dB", "higher"),
]


def test_the_text_is_what_one_reads():
    assert as_text(ROWS) == "\n".join(
        [
            "measure          ours      +-   prior  uniform  paste  unit  better   n",
            "nll             6.71*  0.100    7.34     11.1      -   nats   lower  31",
            "best-of-5 IoU  0.200   0.100   0.256*       -      -      -  higher  31",
            "PSNR             inf*      -       -        -   31.2     dB  higher  31",
        ]
    )


@pytest.mark.parametrize(
    ("ours", "others", "better", "best"),
    [
        (1.0, {"paste": 2.0}, "lower", OURS),
        (1.0, {"paste": 2.0}, "higher", "paste"),
        (1.0, {"paste": 1.0}, "lower", OURS),
        (math.nan, {"paste": 2.0}, "lower", "paste"),
        (math.nan, {}, "lower", None),
    ],
)
def test_the_best_is_found_either_way(ours, others, better, best):
    assert Row("x", of(ours), {name: of(value) for name, value in others.items()}, "", better).best() == best


def test_programs_get_every_figure_and_strict_json():
    rows = json.loads(json.dumps(as_json(ROWS), allow_nan=False))
    assert [row["best"] for row in rows] == [OURS, "prior", OURS]
    assert rows[0]["figures"]["prior"] == {"value": 7.34, "standard_error": 0.1, "n": 31, "scenes": 3}
    assert rows[2]["figures"][OURS] == {"value": None, "standard_error": None, "n": 31, "scenes": 3, "infinite": True}


@pytest.mark.parametrize(("value", "shown"), [(250.4, "250"), (0.01234, "0.0123"), (0.0, "0"), (-1.5, "-1.50")])
def test_three_digits_count(value, shown):
    assert f" {shown}* " in as_text([Row("x", of(value), {}, "", "lower")])
