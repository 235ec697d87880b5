"""A report played in a real browser, from the phone page to the rating; the pictures are kept under build/."""

import asyncio
from pathlib import Path

from selenium.common import StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait
from stage import photo

PICTURES = Path(__file__).parents[2] / "build" / "pictures"
WAIT = 60  # seconds; a job of the service runs every second


class Hand:
    """A hand on one phone of the page."""

    def __init__(self, browser, person, folder):
        self.browser, self.folder = browser, folder
        self.openid = person.openid

    def screen(self):
        return self.browser.find_element(By.CSS_SELECTOR, f'[data-phone="{self.openid}"]')

    def find(self, test):
        return self.until(lambda: self.screen().find_element(By.CSS_SELECTOR, f'[data-test="{test}"]'))

    def press(self, element):
        self.browser.execute_script(
            "arguments[0].scrollIntoView({block: 'center', inline: 'center'})", element
        )
        self.browser.execute_script("arguments[0].click()", element)

    def tap(self, test):
        self.press(self.find(test))

    def say(self, words):
        box = self.find("input")
        box.send_keys(words)
        self.tap("send")

    def send_photo(self, name):
        path = self.folder / f"{name}.jpg"
        path.write_bytes(photo(name))
        field = self.screen().find_element(By.CSS_SELECTOR, 'input[data-test="photo-file"]')
        field.send_keys(str(path))

    def send_place(self):
        self.tap("plus")
        self.tap("location")
        first = self.until(lambda: self.browser.find_element(By.CSS_SELECTOR, '[data-test="place-item"]'))
        self.press(first)
        self.press(self.browser.find_element(By.CSS_SELECTOR, '[data-test="confirm-place"]'))

    def tap_words(self, words):
        """Tap the newest thing on the screen with just these words."""

        def newest():
            found = self.screen().find_elements(
                By.CSS_SELECTOR, '[data-test="bubble"] a, [data-test="bubble"] button'
            )
            return next(link for link in reversed(found) if link.text.split()[-1:] == [words])

        self.press(self.until(newest))

    def sees(self, words):
        return self.until(lambda: self._newest_with(words))

    def _newest_with(self, words):
        bubbles = self.screen().find_elements(By.CSS_SELECTOR, '[data-test="bubble"]')
        return next(bubble.text for bubble in reversed(bubbles) if words in bubble.text)

    def until(self, look):
        ignored = (StopIteration, StaleElementReferenceException, IndexError)

        def once(_driver):
            try:
                return look() or True
            except Exception as error:
                if isinstance(error, ignored) or "NoSuchElement" in type(error).__name__:
                    return False
                raise

        return WebDriverWait(self.browser, WAIT, poll_frequency=0.1).until(once)


def person(demo, name):
    return next(person for person in demo.simulator.people if name in person.name)


def play(browser, demo, folder):
    """Report, take, hand back, check, rate."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    browser.set_window_size(1440, 900)
    browser.get(demo.phones)
    citizen = Hand(browser, person(demo, "王阿姨"), folder)
    officer = Hand(browser, person(demo, "市政养护"), folder)
    desk = Hand(browser, next(p for p in demo.simulator.people if p.role == "dispatcher"), folder)
    citizen.tap("follow")
    citizen.sees("拍张照")
    citizen.tap("menu-toggle")
    citizen.send_photo("broken-manhole")
    citizen.sees("照片收到")
    citizen.send_place()
    citizen.sees("位置收到")
    citizen.say("井盖坏了，一走就响")
    citizen.sees("可以提交了")
    citizen.tap_words("提交")
    citizen.sees("案件编号")
    browser.save_screenshot(str(PICTURES / "reported.png"))
    officer.sees("新案件")
    officer.tap_words("接单")
    citizen.sees("去处理")
    officer.tap("menu-toggle")
    officer.say("办结 已换新井盖")
    officer.send_photo("new-manhole")
    desk.sees("说已处理")
    desk.tap_words("核查通过")
    citizen.sees("处理好了")
    citizen.tap_words("满意")
    citizen.sees("谢谢")
    browser.execute_script("arguments[0].scrollIntoView({inline: 'start'})", citizen.screen())
    browser.save_screenshot(str(PICTURES / "rated.png"))
    look_at_phone_width(browser, demo, citizen)


def look_at_phone_width(browser, demo, citizen):
    """The case's page behind the link in the chat, and the phone page, as a phone shows them."""
    links = citizen.screen().find_elements(By.CSS_SELECTOR, '[data-test="bubble"] a')
    address = next(
        a.get_attribute("href") for a in reversed(links) if "/h5/c/" in (a.get_attribute("href") or "")
    )
    browser.set_window_size(390, 844)
    browser.get(address)
    assert "井盖" in browser.find_element(By.TAG_NAME, "main").text
    browser.save_screenshot(str(PICTURES / "case.png"))
    browser.get(demo.phones)
    WebDriverWait(browser, WAIT).until(lambda d: d.find_elements(By.CSS_SELECTOR, '[data-test="bubble"]'))
    browser.save_screenshot(str(PICTURES / "phone.png"))


async def test_report_is_played_from_the_phone_page_to_the_rating(browser, demo, tmp_path):
    try:
        await asyncio.to_thread(play, browser, demo, tmp_path)
    except Exception:
        browser.save_screenshot(str(PICTURES / "failed.png"))
        raise
    assert (PICTURES / "rated.png").stat().st_size > 10_000
