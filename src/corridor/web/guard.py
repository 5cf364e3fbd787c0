"""Who may ask the page's server for what: this machine's own browser, with the token, and nobody else."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from http.cookies import SimpleCookie
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

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
LARGEST = 4_000_000  # bytes of a request: a pasted report or a sheet


class TooLargeError(Exception):
    """A request that is larger than any that the page makes."""


class Guard:
    """Lets through requests for this server's own name that carry the token's cookie; writes only from its own page.

    `hosts` are the names under which the server may be asked (against names of others that lead here). The token of the
    address is taken once for a cookie that no script can read and no other site's page sends along.
    """

    def __init__(self, app: ASGIApp, token: str, hosts: Collection[str]) -> None:
        self.app, self.token, self.hosts = app, token, frozenset(hosts)
        self.cookie = f"corridor-{secrets.token_hex(4)}"  # pages served at one time on several ports keep their own
        self.key = secrets.token_urlsafe(32)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        refused = self._refuse(scope)
        if refused is not None:
            await refused(scope, receive, _with_headers(send))
            return
        await self._pass_on(scope, receive, send)

    def _refuse(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if host not in self.hosts:
            return PlainTextResponse("unknown host", 421)
        asked = dict(parse_qsl(scope["query_string"].decode("latin-1")))
        if scope["method"] == "GET" and scope["path"] == "/" and "token" in asked:
            return self._take_token(asked)
        found = SimpleCookie(headers.get("cookie", "")).get(self.cookie)
        if found is None or not secrets.compare_digest(found.value.encode(), self.key.encode()):
            return PlainTextResponse("Open the address that `corridor serve` printed.", 403)
        if scope["method"] not in ("GET", "HEAD") and headers.get("origin") != f"http://{host}":
            return PlainTextResponse("other origin", 403)
        if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return PlainTextResponse("other site", 403)
        if int(headers.get("content-length") or 0) > LARGEST:
            return PlainTextResponse("too large", 413)
        return None

    def _take_token(self, asked: dict[str, str]) -> Response:
        """Give the cookie for the token, once; afterwards the address without it is the page's."""
        given, self_token = asked.pop("token"), self.token
        if not self_token or not secrets.compare_digest(given.encode(), self_token.encode()):
            return PlainTextResponse("This address has been used: `corridor serve` prints a new one.", 403)
        self.token = ""
        answer = Response(status_code=303, headers={"location": f"/?{urlencode(asked)}" if asked else "/"})
        answer.set_cookie(self.cookie, self.key, httponly=True, samesite="strict")
        return answer

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        taken = 0

        async def receive_bounded() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > LARGEST:
                raise TooLargeError
            return message

        try:
            await self.app(scope, receive_bounded, _with_headers(send))
        except TooLargeError:
            await PlainTextResponse("too large", 413)(scope, receive, _with_headers(send))


def _with_headers(send: Send) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(HEADERS)
        await send(message)

    return send_with_headers
