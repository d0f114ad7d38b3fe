"""Each kind of study in the reading room: painted, measured in units that hold, and read to its end."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from sample_studies.manifest import SampleStudy
from tests.e2e import senders
from tests.e2e.browser import person
from tests.e2e.room import PATIENCE_MS, Room, picture
from tests.e2e.service import Account, Service, until

KEYS = ("mr-brain", "mr-head-pd", "cr-chest", "us-node", "us-cine", "echo", "xa-coronary", "ecg")
COLOUR = ("us-node", "us-cine", "echo")
FILMS = {"us-cine": (120, 30), "echo": (30, 18), "xa-coronary": (96, 30)}
"""Frames, and frames a second as recorded."""


@dataclass(frozen=True)
class Rooms:
    """A second reader who wrote none of the reports, with a case of each kind."""

    page: Page
    cases: dict[str, str]
    samples: dict[str, SampleStudy]
    complaints: list[str]

    def open(self, key: str) -> Room:
        """The reading room with this sample in it, its image painted; opened anew unless it is open."""
        address = f"/cases/{self.cases[key]}"
        if not self.page.url.endswith(address):
            self.page.goto(address)
        room = Room(self.page)
        if key == "ecg":
            expect(room.by("waveform")).to_be_visible(timeout=PATIENCE_MS)
        else:
            room.painted()
        return room


@pytest.fixture(scope="module")
def rooms(service: Service, browser: Browser, samples: dict[str, SampleStudy]) -> Iterator[Rooms]:
    """All kinds of images have come by C-STORE and their reports by MLLP."""
    for key in KEYS:
        senders.dcmsend(service, samples[key].instances())
        senders.send_report(service, samples[key].report_path().read_bytes())
    reader = service.add_user("keller", "second_reader", "--physician-id", "R2002", "--display-name", "Jonas Keller")
    context, page, complaints = person(browser, service, reader)
    page.goto("/worklist")

    def case(key: str) -> str:
        row = page.locator("tr", has_text=samples[key].description).filter(has_text="ready to read")
        expect(row).to_be_visible(timeout=PATIENCE_MS)
        return row.get_attribute("data-case-id") or ""

    yield Rooms(page, {key: case(key) for key in KEYS}, samples, complaints)
    context.close()


@pytest.fixture(autouse=True)
def nothing_to_complain_of(rooms: Rooms) -> Iterator[None]:
    """The browser's console stays silent whatever is shown."""
    yield
    assert not rooms.complaints


def judge(room: Room, differs: Callable[[str], str]) -> None:
    """Judge all statements by the keyboard: ``differs`` gives the code of the difference, or nothing to agree."""
    keyboard = room.page.keyboard
    for number in range(1, room.page.locator("[data-testid^=statement-]").count() + 1):
        statement = room.by(f"statement-{number}")
        expect(statement).to_have_attribute("aria-current", "true")
        code = differs(statement.locator(".what").inner_text())
        if not code:
            keyboard.press("a")
            continue
        keyboard.press("d")
        keyboard.press(room.by(f"differ-{code}").locator("kbd").inner_text().lower())
        expect(room.by(f"verdict-{number}")).to_contain_text("≠")
        if code == "LAT" and "F1" not in room.by(f"verdict-{number}").inner_text():
            keyboard.press("f")
        keyboard.press("ArrowDown")


def score_and_sign(room: Room, value: str, comment: str = "") -> None:
    """Score by arrows and tab, and sign."""
    keyboard = room.page.keyboard
    room.saved()
    keyboard.press("Control+Enter")
    expect(room.by("score-1")).to_be_focused()
    keyboard.press("Space")
    while not room.by(f"score-{value}").is_checked():
        keyboard.press("ArrowRight")
    keyboard.press("Tab")
    keyboard.type(comment)
    keyboard.press("Control+Enter")
    expect(room.by("sign-dialog")).to_be_visible()
    keyboard.press("Enter")
    expect(room.by("done")).to_be_visible(timeout=PATIENCE_MS)


def length(room: Room, start: tuple[float, float], end: tuple[float, float]) -> str:
    """Draw a length and give what is written beside it; nothing is left behind."""
    room.page.keyboard.press("l")
    room.drag(start, end)
    label = room.by("shape-label")
    expect(label).to_be_visible()
    words = label.inner_text()
    room.page.keyboard.press("Delete")
    expect(label).to_have_count(0)
    return words


@pytest.mark.parametrize("key", [key for key in KEYS if key != "ecg"])
def test_every_kind_of_image_is_painted_in_its_shades_over_the_whole_height_or_width(rooms: Rooms, key: str) -> None:
    room = rooms.open(key)
    assert room.shades() > 100
    assert room.coloured() == (key in COLOUR)
    across, down = room.filled()
    assert max(across, down) > 0.99
    expect(room.by("pane-1")).to_have_count(0)
    picture(rooms.page, f"modality-{key}")


def test_a_radiograph_is_white_where_it_absorbs_and_says_which_side_is_which(rooms: Rooms) -> None:
    room = rooms.open("cr-chest")
    spine, lung = room.brightness(920, 900), room.brightness(1150, 500)
    assert spine > lung + 50, "MONOCHROME1 is painted the right way round"
    assert [rooms.page.locator(f".edge.{at}").inner_text() for at in ("left", "right", "top")] == ["R", "L", "H"]


def test_windows_of_a_ct_are_not_offered_elsewhere_and_colour_has_none(rooms: Rooms) -> None:
    rooms.open("mr-head-pd")
    presets = rooms.page.locator(".presets")
    expect(presets).to_contain_text("recorded")
    expect(presets).not_to_contain_text("lung")
    rooms.open("us-node")
    expect(rooms.page.locator(".presets button")).to_have_count(0)


@pytest.mark.parametrize("key", FILMS)
def test_a_film_plays_at_its_recorded_rate_until_it_is_stopped(rooms: Rooms, key: str) -> None:
    frames, rate = FILMS[key]
    room = rooms.open(key)
    pane, corner = room.by("pane-0"), rooms.page.locator(".corner.tr")
    expect(corner).to_contain_text(f"1 / {frames}")
    expect(corner).to_contain_text(f"{rate} frames/s")
    rooms.page.keyboard.press("Space")
    until(lambda: int(pane.get_attribute("data-frame") or 0) > 5, "the sixth frame")
    rooms.page.keyboard.press("Space")
    room.painted()
    stopped = pane.get_attribute("data-frame")
    expect(corner).to_contain_text(f"{stopped} / {frames}")
    expect(rooms.page.get_by_role("button", name="Cine")).to_have_attribute("aria-pressed", "false")


def test_a_length_on_calibrated_ultrasound_is_in_millimetres_of_the_region(rooms: Rooms) -> None:
    assert length(rooms.open("us-cine"), (250, 200), (350, 200)) == "51 mm"


def test_a_length_outside_the_calibrated_region_is_in_pixels(rooms: Rooms) -> None:
    assert length(rooms.open("us-cine"), (200, 435), (300, 435)) == "100 px"


def test_without_a_known_scale_lengths_are_in_pixels_and_the_page_says_so(rooms: Rooms) -> None:
    room = rooms.open("us-node")
    expect(rooms.page.locator(".corner.br")).to_have_text("scale unknown · measured in pixels")
    assert length(room, (200, 240), (300, 240)) == "100 px"


def test_a_length_on_a_radiograph_is_in_millimetres_at_the_detector(rooms: Rooms) -> None:
    room = rooms.open("cr-chest")
    expect(rooms.page.locator(".corner.br")).to_contain_text("at the detector")
    mass = rooms.samples["cr-chest"].lesions[0]
    start, end = mass.endpoints_px
    shown = re.fullmatch(r"(\d+) mm", length(room, start, end))
    assert shown is not None
    assert float(shown.group(1)) == pytest.approx(mass.long_axis_mm, abs=1.5)


def test_an_electrocardiogram_shows_twelve_leads_with_their_calibration(rooms: Rooms) -> None:
    room = rooms.open("ecg")
    curves = room.by("waveform")
    until(lambda: curves.evaluate("image => image.complete && image.naturalWidth > 100"), "the drawing of the curves")
    drawing = rooms.page.request.get(curves.get_attribute("src") or "").text()
    for words in ("aVR", "V6", "25 mm/s", "10 mm/mV"):
        assert words in drawing
    expect(room.by("tool-length")).to_be_disabled()
    picture(rooms.page, "modality-ecg")


def test_a_case_is_given_back_with_a_reason_and_stands_on_the_list_again(rooms: Rooms) -> None:
    room = rooms.open("ecg")
    rooms.page.keyboard.press("g")
    expect(room.by("release-reason")).to_be_focused()
    rooms.page.keyboard.press("Enter")
    expect(room.by("release-dialog")).to_contain_text("Say why")
    rooms.page.keyboard.type("Not my field.")
    rooms.page.keyboard.press("Enter")
    rooms.page.wait_for_url("**/worklist")
    row = rooms.page.locator(f"tr[data-case-id='{rooms.cases['ecg']}']")
    expect(row).to_contain_text("ready to read")


def test_a_wrong_side_is_recorded_against_the_finding_by_the_keyboard_alone(
    rooms: Rooms, service: Service, browser: Browser, quality_lead: Account
) -> None:
    room, keyboard = rooms.open("mr-brain"), rooms.page.keyboard
    tumour = rooms.samples["mr-brain"].lesions[0]
    room.go_to(tumour)
    keyboard.press("l")
    room.drag(*tumour.endpoints_px)
    keyboard.press("f")
    expect(room.by("what")).to_be_focused()
    keyboard.type("neoplasm")
    keyboard.press("Enter")
    expect(room.by("where")).to_be_focused()
    keyboard.type("left parietal lobe")
    keyboard.press("Enter")
    expect(room.by("side-left")).to_be_focused()
    expect(room.by("side-left")).to_be_checked()
    room.commit()
    judge(room, lambda words: "LAT" if "right" in words and "mass" in words else "")
    picture(rooms.page, "modality-mr-brain-compare")
    score_and_sign(room, "2b", "The mass lies on the left.")
    context, page, _ = person(browser, service, quality_lead)
    page.goto("/quality")
    row = page.locator("tr", has_text=rooms.samples["mr-brain"].report.statement[:40])
    expect(row).to_contain_text("Wrong side: neoplasm, left parietal lobe")
    expect(row).to_contain_text("2b")
    row.get_by_role("link").first.click()
    expect(page.locator("main")).to_contain_text(rooms.samples["mr-brain"].report.statement)
    context.close()


def test_an_over_call_stands_against_the_report_alone(rooms: Rooms) -> None:
    room, keyboard = rooms.open("cr-chest"), rooms.page.keyboard
    for number, mass in enumerate(rooms.samples["cr-chest"].lesions, 1):
        keyboard.press("l")
        room.drag(*mass.endpoints_px)
        keyboard.press("f")
        keyboard.type("mass")
        keyboard.press("Enter")
        keyboard.type(f"{'left' if mass.side == 'L' else 'right'} lung")
        keyboard.press("Enter")
        room.by("finding-done").click()
        expect(room.by(f"finding-F{number}")).to_contain_text("left" if mass.side == "L" else "right")
        expect(room.by(f"finding-F{number}")).to_contain_text("mm · at the detector")
    room.commit()
    judge(room, lambda words: "OVER" if "effusion" in words else "")
    masses = room.by("statement-1")
    masses.click()
    for number in (1, 2, 3):
        pair = room.by(f"pair-F{number}")
        if pair.get_attribute("aria-pressed") != "true":
            pair.click()
    expect(room.by("verdict-1")).to_have_text("✓ agree · F1, F2, F3")
    picture(rooms.page, "modality-cr-chest-compare")
    score_and_sign(room, "2b", "There is no effusion: the angle is sharp.")


def test_a_case_without_a_difference_closes_and_enter_goes_to_the_next(rooms: Rooms) -> None:
    room, keyboard = rooms.open("us-node"), rooms.page.keyboard
    keyboard.press("n")
    expect(room.by("no-abnormality-set")).to_be_visible()
    room.commit()
    judge(room, lambda _words: "")
    score_and_sign(room, "1")
    expect(room.by("done")).to_contain_text("Both opinions agree. The case is closed.")
    expect(rooms.page.get_by_text("Next case").first).to_be_visible()
    before = rooms.page.url
    keyboard.press("Enter")
    rooms.page.wait_for_url(lambda url: "/cases/" in url and url != before)
