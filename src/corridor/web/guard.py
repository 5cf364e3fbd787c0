"""Who may ask the page's server for what: this machine's own browser, with the token, and nobody else."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from corridor.web.address import write_host
from corridor.web.body import LARGEST, GoneError, TooLargeError, give_again, take_body

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
ASKING = ("GET", "HEAD")  # what carries no body and changes nothing
STRANGER = "Open the address that `corridor serve` printed."
USED = "This address has been used: `corridor serve` prints a new one."


class Guard:
    """Lets through requests for this server's own name that carry the token's cookie; writes only from its own page.

    `hosts` are the names under which the server may be asked (against names of others that lead here); `everywhere`
    says that it listens on every network, where the address that was reached is one too. The token of the address is
    taken once for a cookie that no script can read and no other site's page sends along.
    """

    def __init__(self, app: ASGIApp, token: str, hosts: Collection[str], everywhere: bool = False) -> None:
        self.app, self.token, self.hosts, self.everywhere = app, token, frozenset(hosts), everywhere
        self.cookie = f"corridor-{secrets.token_hex(4)}"  # pages served at one time on several ports keep their own
        self.key = secrets.token_urlsafe(32)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        elif scope["type"] != "http":
            await self.app(scope, receive, send)
        elif (refused := self._refuse(scope)) is not None:
            await refused(scope, receive, _with_headers(send))
        elif scope["method"] in ASKING:
            await self.app(scope, receive, _with_headers(send))
        else:
            await self._take_and_pass_on(scope, receive, _with_headers(send))

    def _refuse(self, scope: Scope) -> Response | None:
        """Return the answer to a request that goes no further: one refused, or the token's."""
        headers = Headers(scope=scope)
        host = self._find_host(scope, headers)
        if not host:
            return PlainTextResponse("unknown host", 421)
        known = self._is_known(headers)
        asked = dict(parse_qsl(scope["query_string"].decode("latin-1")))
        if scope["method"] == "GET" and scope["path"] == "/" and "token" in asked:
            return self._take_token(asked, known)
        if not known:
            return PlainTextResponse(STRANGER, 403)
        if scope["method"] not in ASKING and headers.getlist("origin") != [f"http://{host}"]:
            return PlainTextResponse("other origin", 403)
        if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return PlainTextResponse("other site", 403)
        length = headers.get("content-length", "0")
        if not (length.isascii() and length.isdigit()) or int(length[:20]) > LARGEST:
            return PlainTextResponse("too large", 413)
        return None

    def _find_host(self, scope: Scope, headers: Headers) -> str:
        """Return the name under which the server is asked; nothing where that is not its own."""
        said = headers.getlist("host")
        reached = write_host(*scope["server"]) if self.everywhere and scope.get("server") else ""
        return said[0] if len(said) == 1 and said[0] in {*self.hosts, reached} - {""} else ""

    def _is_known(self, headers: Headers) -> bool:
        """Tell whether a request carries the cookie; others' cookies beside it may hold anything."""
        pairs = (pair.strip().partition("=") for line in headers.getlist("cookie") for pair in line.split(";"))
        found = [value for name, _, value in pairs if name == self.cookie]
        return any(secrets.compare_digest(value.encode(), self.key.encode()) for value in found)

    def _take_token(self, asked: dict[str, str], known: bool) -> Response:
        """Give the cookie for the token, once; who has it already is only led on."""
        given, token = asked.pop("token"), self.token
        answer = Response(status_code=303, headers={"location": f"/?{urlencode(asked)}" if asked else "/"})
        if token and secrets.compare_digest(given.encode(), token.encode()):
            self.token = ""
            answer.set_cookie(self.cookie, self.key, httponly=True, samesite="strict")
        elif not known:
            return PlainTextResponse(USED, 403)
        return answer

    async def _take_and_pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body = await take_body(receive)
        except GoneError:
            return
        except TooLargeError:
            await PlainTextResponse("too large", 413)(scope, receive, send)
            return
        except TimeoutError:
            await PlainTextResponse("too slow", 408)(scope, receive, send)
            return
        await self.app(scope, give_again(body, receive), send)


def _with_headers(send: Send) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(HEADERS)
        await send(message)

    return send_with_headers
