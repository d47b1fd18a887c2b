"""What is drawn at the start is sent when the frame is whole; over one of the last time, when it was read too."""

from __future__ import annotations

import pytest

from tui.ui.beginning import FirstFrame


class Driver:
    """Knows whether what is drawn was sent."""

    is_sent = False

    def release(self) -> None:
        self.is_sent = True


def test_it_is_sent_as_soon_as_it_is_whole():
    driver = Driver()
    FirstFrame(lambda: driver, over_a_frame=False).drawn(is_read=False)
    assert driver.is_sent


def test_over_another_frame_it_waits_for_what_is_read():
    driver = Driver()
    frame = FirstFrame(lambda: driver, over_a_frame=True)
    frame.drawn(is_read=False)
    assert not driver.is_sent
    frame.drawn(is_read=True)
    assert driver.is_sent


@pytest.mark.parametrize("is_first_key_later", [True, False])
def test_a_key_is_not_kept_waiting_for_what_is_read(is_first_key_later):
    driver = Driver()
    frame = FirstFrame(lambda: driver, over_a_frame=True)
    happened = [lambda: frame.drawn(is_read=False), frame.key_pressed]
    for each in happened if is_first_key_later else reversed(happened):
        assert not driver.is_sent
        each()
    assert driver.is_sent


def test_a_driver_that_cannot_hold_anything_back_is_asked_for_nothing():
    FirstFrame(lambda: None, over_a_frame=False).drawn(is_read=True)
