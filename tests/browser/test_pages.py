"""Reports in headless Chromium: `pytest tests/browser`, with Chromium, its driver and Selenium.

`AXE_CORE` names the file axe.min.js of the npm package axe-core, without which accessibility is not
looked at; `MRECIST_PICTURES` a folder in which pictures of every page are kept to be looked at.
"""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import mrecist
from mrecist import report
from mrecist.model import Event, Finding, Lesion, Marker, Patient, TherapyLine, Timepoint

webdriver = pytest.importorskip("selenium.webdriver", reason="browsers need Selenium")
wait = pytest.importorskip("selenium.webdriver.support.wait")
pytest.importorskip("jinja2", reason="pages need Jinja2: mrecist[report]")
pytest.importorskip("matplotlib", reason="pages need matplotlib: mrecist[report]")
DRIVER = shutil.which("chromedriver")
if DRIVER is None:
    pytest.skip(
        "there is no chromedriver: apt-get install chromium chromium-driver",
        allow_module_level=True,
    )

FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--hide-scrollbars",
)  # fmt: skip
WIDTHS = {"phone": 390, "small": 360, "laptop": 1280}
A4_HEIGHT = round((297 - 30) / 25.4 * 96)
A4_CONTENT = round((210 - 26) / 25.4 * 96)
EVIL = "<script>alert(1)</script><img src=http://example.org/x.png>"


def hostile() -> Patient:
    """Names that try to be more than text, and one that has no place to break."""
    long = "W" * 90
    return Patient(
        EVIL,
        [Lesion(EVIL, "liver", "nodule", label=EVIL), Lesion(long, "lung", "nodule", label=long)],
        [
            Timepoint(
                56 * i,
                [Finding(EVIL, viable_mm=40 + i), Finding(long, longest_mm=20 + i)],
                note=long,
            )
            for i in range(4)
        ],
        [TherapyLine([EVIL, long], 1)],
        markers=[Marker(3, "AFP", 5, EVIL)],
        events=[Event(5, EVIL)],
    )


def long() -> Patient:
    """Fifteen follow-ups and twelve lesions."""
    lesions = [Lesion(f"L{i}", "liver" if i < 8 else "lung", "nodule") for i in range(12)]
    scans = [
        Timepoint(
            56 * t,
            [
                Finding(lesion.id, viable_mm=30 + i + t, longest_mm=40 + i + t)
                for i, lesion in enumerate(lesions)
            ],
            reported="SD" if t else None,
        )
        for t in range(16)
    ]
    return Patient("Long course", lesions, scans, [TherapyLine(["lenvatinib"], 1)])


def eight() -> Patient:
    """Eight follow-ups over three lines, with all that a figure can hold."""
    lesions = [Lesion(f"L{i}", "liver", "nodule") for i in range(5)]
    scans = [
        Timepoint(
            56 * t,
            [
                Finding(lesion.id, viable_mm=30 + i + 3 * (t % 3), longest_mm=50 + i)
                for i, lesion in enumerate(lesions)
            ],
        )
        for t in range(9)
    ]
    lines = [
        TherapyLine(
            ["lenvatinib", "pembrolizumab"][: 1 + k % 2],
            1 + 160 * k,
            stop=None if k == 2 else 160 * (k + 1),
            end_reason=None if k == 2 else "progression",
        )
        for k in range(3)
    ]
    markers = [Marker(56 * t, "AFP", 100 + t, "ng/mL") for t in range(8)]
    events = [Event(30 * k, f"event {k} in a few words") for k in range(8)]
    return Patient("Eight follow-ups", lesions, scans, lines, markers=markers, events=events)


CASES = {
    "published": lambda: mrecist.example_case("ikeda-2021"),
    "synthetic": lambda: mrecist.example_case("synthetic"),
    "hostile": hostile,
    "eight": eight,
    "long": long,
    "empty": lambda: Patient("Nothing recorded", [], [], []),
}


BRIEF = ("published", "eight", "hostile", "empty")
"""Cases of which there is also a brief page."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page of each case, and an index with an invalid one."""
    out = tmp_path_factory.mktemp("pages")
    invalid = mrecist.InvalidCase("P-9", ("timepoints[0].date: must be given",))
    entries = report.write_folder([*(make() for make in CASES.values()), invalid], out)
    for entry, name in zip(entries, CASES, strict=False):
        (out / f"{name}.html").write_bytes((out / entry.href).read_bytes())
    for name in BRIEF:
        (out / f"brief-{name}.html").write_text(report.page(CASES[name](), brief=True), "utf-8")
    (out / "whys.html").write_text(report.page(CASES["synthetic"](), whys=True), "utf-8")
    return out


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pictures are kept: outside the repository."""
    kept = Path(os.environ.get("MRECIST_PICTURES") or tmp_path_factory.mktemp("pictures"))
    kept.mkdir(parents=True, exist_ok=True)
    return kept


class Browser:
    """Chromium with what these tests ask of it."""

    def __init__(self, profile: Path) -> None:
        options = webdriver.ChromeOptions()
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(options, webdriver.ChromeService(DRIVER))

    def open(self, path: Path, width: int = 1280, scheme: str = "light", media: str = "") -> None:
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.told("Emulation.setEmulatedMedia", media=media, features=features)
        self.told(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=900,
            deviceScaleFactor=1,
            mobile=width < 500,
        )
        self.driver.get(path.as_uri())

    def told(self, command: str, **given: Any) -> Any:
        return self.driver.execute_cdp_cmd(command, given)

    def run(self, script: str, *given: Any) -> Any:
        return self.driver.execute_script(script, *given)

    def soon(self, script: str) -> None:
        """Wait until a script answers yes: what a click leads to comes after it."""
        wait.WebDriverWait(self.driver, 10).until(lambda _: self.run(script))

    def picture(self, path: Path) -> None:
        taken = self.told("Page.captureScreenshot", captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(taken["data"]))

    def requests(self) -> list[str]:
        """Every address that was asked for since this was last asked."""
        events = [
            json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")
        ]
        sent = [each for each in events if each["method"] == "Network.requestWillBeSent"]
        return [each["params"]["request"]["url"] for each in sent]

    def accessibility(self) -> list[Any]:
        self.run(Path(os.environ["AXE_CORE"]).read_text("utf-8"))
        found: list[Any] = self.driver.execute_async_script(
            "const done = arguments[0]; axe.run().then(found => done(found.violations.map("
            "each => [each.id, each.help, each.nodes.map(node => node.html).slice(0, 3)])));"
        )
        return found


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    opened = Browser(tmp_path_factory.mktemp("profile"))
    yield opened
    opened.driver.quit()


PAGES = [*CASES, "index", *(f"brief-{name}" for name in BRIEF)]


@pytest.mark.parametrize("name", PAGES)
class TestEveryPage:
    """What holds for every page, at every width, in light and dark."""

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    @pytest.mark.parametrize("size", WIDTHS)
    def test_opens(
        self, browser: Browser, folder: Path, pictures: Path, name: str, size: str, scheme: str
    ) -> None:
        """No error, no request beyond the page, nothing wider than the screen."""
        path = folder / f"{name}.html"
        browser.requests()
        browser.open(path, WIDTHS[size], scheme)
        browser.picture(pictures / f"{name}-{size}-{scheme}.png")
        assert browser.driver.get_log("browser") == []
        assert {url for url in browser.requests() if url != "data:,"} == {path.as_uri()}
        assert browser.run("return document.documentElement.scrollWidth") <= WIDTHS[size]

    @pytest.mark.skipif("AXE_CORE" not in os.environ, reason="AXE_CORE names no axe.min.js")
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    @pytest.mark.parametrize("size", WIDTHS)
    def test_accessible(
        self, browser: Browser, folder: Path, name: str, size: str, scheme: str
    ) -> None:
        """axe finds no violation, with every reason open and with all folded."""
        browser.open(folder / f"{name}.html", WIDTHS[size], scheme)
        assert browser.accessibility() == []
        browser.run("document.querySelectorAll('details').forEach(each => each.open = true)")
        assert browser.accessibility() == []

    def test_prints(self, browser: Browser, folder: Path, pictures: Path, name: str) -> None:
        """On A4 no table is cut: none is wider than the page, and no row is torn."""
        browser.open(folder / f"{name}.html", A4_CONTENT, media="print")
        wide = browser.run(
            "return [...document.querySelectorAll('table, svg')].filter(each => "
            "each.getBoundingClientRect().right > arguments[0] + 1).map(each => each.className)",
            A4_CONTENT,
        )
        assert wide == []
        torn = browser.run(
            "return [...document.querySelectorAll('tr')].filter(each => "
            "getComputedStyle(each).breakInside !== 'avoid').length"
        )
        assert torn == 0
        browser.open(folder / f"{name}.html")
        printed = browser.told("Page.printToPDF", preferCSSPageSize=True)["data"]
        path = pictures / f"{name}-a4.pdf"
        path.write_bytes(base64.b64decode(printed))
        sizes = set(re.findall(rb"/MediaBox \[([^\]]*)\]", path.read_bytes()))
        assert {tuple(round(float(n)) for n in each.split()) for each in sizes} <= {
            (0, 0, 595, 842),
            (0, 0, 596, 842),
            (0, 0, 595, 841),
        }
        if shutil.which("pdftoppm"):
            command = ["pdftoppm", "-r", "80", "-png", str(path), str(path.with_suffix(""))]
            subprocess.run(command, check=True)


def pages_of(browser: Browser) -> int:
    """How many sheets of A4 the page takes that is open."""
    printed = browser.told("Page.printToPDF", preferCSSPageSize=True)["data"]
    return len(re.findall(rb"/Type\s*/Page\b", base64.b64decode(printed)))


class TestSheets:
    """What a page is on paper."""

    @pytest.mark.parametrize("name", ["published", "eight"])
    def test_brief(self, browser: Browser, folder: Path, name: str) -> None:
        """A brief page of eight follow-ups is one sheet."""
        browser.open(folder / f"brief-{name}.html")
        assert pages_of(browser) == 1

    def test_folded(self, browser: Browser, folder: Path) -> None:
        """Reasons take sheets only where they are asked for, or where somebody opened them."""
        browser.open(folder / "synthetic.html")
        folded = pages_of(browser)
        browser.driver.find_element("css selector", ".tools button").click()
        opened = pages_of(browser)
        browser.open(folder / "whys.html")
        assert folded < opened < pages_of(browser)

    @pytest.mark.parametrize("name", ["published", "synthetic", "eight"])
    def test_first_sheet(self, browser: Browser, folder: Path, name: str) -> None:
        """The answer stands on the first sheet: verdicts, times, problems, figure."""
        browser.open(folder / f"{name}.html", A4_CONTENT, media="print")
        bottom = browser.run(
            "return document.querySelector('.figure').getBoundingClientRect().bottom"
        )
        assert bottom <= A4_HEIGHT


class TestPhone:
    """On a phone each line is a card, with the best response first."""

    def test_cards(self, browser: Browser, folder: Path) -> None:
        browser.open(folder / "synthetic.html", WIDTHS["phone"])
        tops = browser.run(
            "return [...document.querySelector('.therapy tbody tr').children].map("
            "each => [each.className, each.getBoundingClientRect().top])"
        )
        assert min(tops, key=lambda each: each[1])[0] == "best"
        wide = browser.run(
            "return [...document.querySelectorAll('.cards')].map(each => each.scrollWidth)"
        )
        assert max(wide) <= WIDTHS["phone"]


class TestScript:
    """The script folds reasons, follows a column and filters the index; all can do without."""

    def test_folding(self, browser: Browser, folder: Path) -> None:
        """Reasons are folded; a button opens those of a line, a link the one it leads to."""
        browser.open(folder / "synthetic.html")
        count = "return document.querySelectorAll('details[open]').length"
        assert browser.run(count) == 0
        browser.driver.find_element("css selector", ".tools button").click()
        inside = "return document.querySelectorAll('section.line details').length"
        first = "return document.querySelector('section.line').querySelectorAll('details').length"
        assert 0 < browser.run(count) == browser.run(first) < browser.run(inside)
        browser.driver.find_elements("css selector", ".tools button")[1].click()
        assert browser.run(count) == 0
        browser.driver.find_element("css selector", ".sizes thead a").click()
        browser.soon("return document.querySelector('details:target').open")

    def test_printing(self, browser: Browser, folder: Path) -> None:
        """What is folded stays folded in print; where all was asked for it is open, and folded
        again after."""
        count = "return document.querySelectorAll('details[open]').length"
        browser.open(folder / "synthetic.html")
        browser.run("window.dispatchEvent(new Event('beforeprint'))")
        assert browser.run(count) == 0
        browser.open(folder / "whys.html")
        count = "return document.querySelectorAll('details[open]').length"
        browser.run("window.dispatchEvent(new Event('beforeprint'))")
        assert browser.run(count) > 3
        browser.run("window.dispatchEvent(new Event('afterprint'))")
        assert browser.run(count) == 0

    def test_hover(self, browser: Browser, folder: Path) -> None:
        """The column under the pointer is marked; beyond the table none is."""
        browser.open(folder / "synthetic.html")
        cell = browser.driver.find_element("css selector", ".sizes tbody tr:nth-child(2) td")
        webdriver.ActionChains(browser.driver).move_to_element(cell).perform()
        marked = "return [...document.querySelectorAll('.here')].map(each => each.cellIndex)"
        assert set(browser.run(marked)) == {1}
        assert "viable diameter" in (cell.get_attribute("title") or "")
        top = browser.driver.find_element("css selector", ".sizes caption")
        webdriver.ActionChains(browser.driver).move_to_element(top).perform()
        heading = browser.driver.find_element("css selector", "section.line h2")
        webdriver.ActionChains(browser.driver).move_to_element(heading).perform()
        assert browser.run(marked) == []

    def test_filter(self, browser: Browser, folder: Path) -> None:
        """The index shows only the patients that are asked for."""
        browser.open(folder / "index.html")
        browser.driver.find_element("css selector", ".tools input").send_keys("sorafenib")
        shown = "return [...document.querySelectorAll('.index tbody tr')].filter(r => !r.hidden)"
        assert len(browser.run(shown)) == 1
        told = browser.driver.find_element("css selector", "[role=status]").text
        assert told == f"1 of {len(CASES)}"

    def test_without(self, browser: Browser, folder: Path) -> None:
        """Without a script every reason is open, and the page is whole."""
        browser.told("Emulation.setScriptExecutionDisabled", value=True)
        try:
            browser.open(folder / "synthetic.html")
        finally:
            browser.told("Emulation.setScriptExecutionDisabled", value=False)
        folded = browser.driver.find_elements("css selector", "details:not([open])")
        assert folded == []
        assert browser.driver.find_elements("css selector", ".tools") == []

    def test_index_leads(self, browser: Browser, folder: Path) -> None:
        """A click in the index opens the page, and from there back."""
        browser.open(folder / "index.html")
        browser.driver.find_element("css selector", ".index a").click()
        assert browser.driver.current_url.rpartition("/")[0].endswith("patients")
        browser.driver.find_element("css selector", "nav a").click()
        assert browser.driver.current_url.endswith("index.html")

    def test_hostile(self, browser: Browser, folder: Path) -> None:
        """A lesion named as a script is shown by its name."""
        browser.open(folder / "hostile.html")
        assert browser.run("return document.querySelectorAll('img').length") == 0
        head = browser.driver.find_element("css selector", ".sizes .lesion th")
        assert head.text.startswith("<script>alert(1)</script>")
