"""The moving picture of README: small, of twenty seconds, and nothing in it that the program does not show."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET

import pytest

from tests.support.paths import ROOT
from tests.support.scripts import script

FILM, ANIMATE = script("film"), script("animate")
FOLDER = ROOT / "screenshots"
CAST = (FOLDER / "film.cast").read_text(encoding="utf-8")


def screens(cast: str) -> list[str]:
    """What a terminal shows at each step."""
    return ["\n".join(frame.screen.display) for frame in FILM.frames(cast)]


def test_the_picture_is_drawn_from_the_recording_that_stands_beside_it():
    drawn = ANIMATE.animated(FILM.frames(CAST), FILM.SIZE)
    assert (FOLDER / "film.svg").read_text(encoding="utf-8") == drawn, "python screenshots/make.py --film"


def test_it_is_small_and_lasts_twenty_seconds():
    assert (FOLDER / "film.svg").stat().st_size < 1_500_000
    assert sum(step.seconds for step in FILM.STEPS) == pytest.approx(20)
    last = json.loads(CAST.splitlines()[-1])
    assert last[0] == pytest.approx(20)


def test_the_recording_is_an_asciicast_of_these_steps():
    header, *events = map(json.loads, CAST.splitlines())
    assert header["version"] == 2
    assert (header["width"], header["height"]) == FILM.SIZE
    assert [event[0] for event in events] == sorted(event[0] for event in events)
    assert [event[2] for event in events if event[1] == "m"] == [step.words for step in FILM.STEPS]


def test_each_step_has_a_frame_and_the_lines_that_frames_share_are_drawn_once():
    svg = {"": "http://www.w3.org/2000/svg"}
    root = ET.parse(FOLDER / "film.svg").getroot()
    drawn = {line.get("id") for line in root.findall("defs/g", svg)}
    frames = root.findall("svg/g/g", svg)
    assert len(frames) == len(FILM.STEPS)
    used = [use.get("href", "")[1:] for use in root.iter("{http://www.w3.org/2000/svg}use")]
    assert set(used) == drawn
    assert len(used) == len(FILM.STEPS) * FILM.LINES > 1.5 * len(drawn)


@pytest.mark.slow
def test_the_program_shows_these_frames_today_as_well():
    assert screens(FILM.record()) == screens(CAST), "if it is meant: python screenshots/make.py --film"
