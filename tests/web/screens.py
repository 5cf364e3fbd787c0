"""The page in a real browser that reaches this machine alone; what it asks others for or complains about is collected."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from serving import ENGINE_SECONDS, Served

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = ["--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1", "--no-sandbox", "--disable-gpu"]
SCREENS = ("now", "what-if", "compare", "case", "evidence")
HEIGHT = 900  # px of the window


@dataclass
class Tab:
    """One window on one server. `said` is what stood on the console, `asked` every address that was requested."""

    page: Any
    served: Served
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def listen(self) -> None:
        """Begin to collect."""
        self.page.on("console", lambda message: self.said.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("dialog", lambda dialog: self.said.append(f"dialog: {dialog.message}") or dialog.dismiss())

    def open_screen(self, name: str, **values: str) -> Any:
        """Open a screen with some values in its address, wait until it has its content, and return the browser's page."""
        query = f"?{urlencode(values)}" if values else ""
        self.page.goto("about:blank")  # an address that differs in its hash alone would not be loaded anew
        self.page.goto(f"{self.served.address}/#{name}{query}")
        self.settle()
        return self.page

    def settle(self) -> None:
        """Wait until the screen has its content and nothing is on its way."""
        milliseconds = 1000 * ENGINE_SECONDS
        # by its locator: the page's policy forbids what waits for a function
        self.page.locator("main .screen > *").first.wait_for(state="attached", timeout=milliseconds)
        self.page.wait_for_load_state("networkidle", timeout=milliseconds)

    def require_clean(self) -> None:
        """Raise AssertionError for anything on the console, and for a request to anyone else."""
        assert self.said == [], self.said
        own, alone = urlsplit(self.served.address).netloc, ("data", "blob", "about")
        asked = [urlsplit(url) for url in self.asked]
        assert [url.geturl() for url in asked if url.scheme not in alone and url.netloc != own] == []

    def has_sideways_scrolling(self) -> bool:
        """Tell whether the page is wider than its window."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


def open_tab(browser: Any, served: Served, width: int, **more: Any) -> Tab:
    """Open a window of a width in px that carries the page's cookie; `more` goes to the browser's context."""
    context = browser.new_context(viewport={"width": width, "height": HEIGHT}, **more)
    context.set_default_timeout(1000 * ENGINE_SECONDS)  # a busy machine is slow, not wrong
    context.add_cookies(
        [{"name": name, "value": value, "url": served.address} for name, value in served.cookie.items()]
    )
    tab = Tab(context.new_page(), served)
    tab.listen()
    return tab
