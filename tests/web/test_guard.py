"""Attacks on the page's server over real sockets: names of others, no key, other pages, paths, methods, bodies, slowness."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from asking import Answered, ask_raw, write_request
from serving import TOKEN, Served, serve_folder

from corridor.web import body
from corridor.web.app import ROUTES
from corridor.web.guard import HEADERS

POSTS = [path for path, (verb, _) in ROUTES.items() if verb != "GET"]


@pytest.fixture(scope="module")
def door(short_case: Path) -> Iterator[Served]:
    """Serve a small case whose model is not loaded."""
    with serve_folder(short_case, load=False) as served:
        yield served


def require_headers(answer: Answered) -> None:
    for name, value in HEADERS.items():
        assert answer.headers.get(name) == value


def test_the_page_itself_is_answered(door: Served) -> None:
    answer = ask_raw(door, write_request(door))
    assert answer.status == 200
    require_headers(answer)


def test_no_key_no_answer(door: Served) -> None:
    key = door.guard.key
    name = door.guard.cookie
    for cookie in (
        "",
        f"{name}=",
        f"{name}={key[:-1]}",
        f"{name}={key}x",
        f"other={key}",
        "a/b=1; ;=; \xff",
        f'{name}="{key}"',
    ):
        for path in ("/", "/page/main.js", "/api/case", "/nothing"):
            answer = ask_raw(door, write_request(door, path=path, cookie=cookie))
            assert answer.status == 403, cookie
            require_headers(answer)
    assert ask_raw(door, write_request(door, leave_out=["cookie"])).status == 403


def test_others_cookies_do_not_matter(door: Served) -> None:
    """Cookies know no ports: what else runs on this machine may have set anything."""
    own = f"{door.guard.cookie}={door.guard.key}"
    for cookie in (f"a/b=1; {own}", f"{own}; path=x; \xff=\xfe", f"broken; {own}", f"{door.guard.cookie}=old; {own}"):
        assert ask_raw(door, write_request(door, cookie=cookie)).status == 200, cookie


def test_the_token_is_taken_once(short_case: Path) -> None:
    with (
        serve_folder(short_case, load=False) as served,
        httpx.Client(base_url=served.address, trust_env=False) as client,
    ):
        for wrong in ("", "x", TOKEN + "x", TOKEN[:-1], "é", "%00"):
            assert client.get("/", params={"token": wrong}).status_code == 403
        assert client.post("/", params={"token": TOKEN}).status_code == 403
        assert client.get("/api/case", params={"token": TOKEN}).status_code == 403
        taken = client.get("/", params={"token": TOKEN, "language": "fr\r\nx: y"})
        assert (taken.status_code, taken.headers["location"]) == (303, "/?language=fr%0D%0Ax%3A+y")
        given = taken.headers["set-cookie"].lower()
        assert "httponly" in given
        assert "samesite=strict" in given
        assert TOKEN not in given
        assert client.get("/").status_code == 200
        # the one who has the key is led on; nobody else gets one
        assert client.get("/", params={"token": TOKEN}).headers["location"] == "/"
        assert httpx.get(served.address, params={"token": TOKEN}, trust_env=False).status_code == 403


def test_only_its_own_name(door: Served) -> None:
    """A page of others whose name leads to this machine asks in its own name."""
    port = urlsplit(door.address).port
    for host in (
        "evil.example", f"evil.example:{port}", f"127.0.0.1.evil:{port}", f"127.0.0.1:{port}.evil", f"127.0.0.1@evil:{port}",
        "127.0.0.1", f"127.0.0.1:{port + 1}", f"127.0.0.2:{port}", f"[::1]:{port}", f"0.0.0.0:{port}", f"2130706433:{port}",
        f"localhost.:{port}", f"localhost:0{port}",
    ):  # fmt: skip
        answer = ask_raw(door, write_request(door, host=host))
        assert answer.status == 421, host
        require_headers(answer)
    assert ask_raw(door, write_request(door, host=f"localhost:{port}")).status == 200
    assert ask_raw(door, write_request(door, host="")).status in (400, 421)
    assert ask_raw(door, write_request(door, leave_out=["host"])).status == 400
    twice = write_request(door).replace(b"host:", f"host: evil\r\nhost: 127.0.0.1:{port}\r\nx:".encode(), 1)
    assert ask_raw(door, twice).status in (400, 421)


def test_only_its_own_page_sends(door: Served) -> None:
    port = urlsplit(door.address).port
    for path in (*POSTS, "/", "/api/case"):
        for origin in (
            "null",
            "",
            "http://evil.example",
            f"http://localhost:{port}",
            f"https://127.0.0.1:{port}",
            f"http://127.0.0.1:{port}/",
            f"http://127.0.0.1:{port + 1}",
        ):
            answer = ask_raw(door, write_request(door, "POST", path, origin=origin, content_length="2"), b"{}")
            assert answer.status == 403, (path, origin)
            require_headers(answer)
        assert (
            ask_raw(door, write_request(door, "POST", path, leave_out=["origin"], content_length="2"), b"{}").status
            == 403
        )


def test_pages_of_others_are_told_nothing(door: Served) -> None:
    """Another server on this machine is of the same site: its page's requests carry the cookie, and say whose they are."""
    for site in ("cross-site", "same-site", "strange", ""):
        assert ask_raw(door, write_request(door, sec_fetch_site=site)).status == 403, site
    assert ask_raw(door, write_request(door, sec_fetch_site="none")).status == 200


@pytest.mark.parametrize(
    "path",
    [
        "/page/../../etc/passwd", "/page/..%2f..%2fetc%2fpasswd", "/page/%2e%2e/%2e%2e/etc/passwd", "/page/....//etc/passwd",
        "/page//etc/passwd", "/page/%2fetc%2fpasswd", "/page/%00", "/page/main.js%00.css", "/page/.", "/page/..", "/page/",
        "/page/..%5c..%5cserve.py", "/page/__init__.py", "/page/%c0%ae%c0%ae/x", "//evil.example/%2f..", "//page/main.js",
        "/page/main.js/", "/api/case/", "/PAGE/MAIN.JS", "/api", "/static", "/.git/config", "http://evil.example/api/case",
        "/page/%252e%252e%252fetc", "/api/../page/main.js", "/page/\xff", "/page/" + "a" * 20_000,
    ],
)  # fmt: skip
def test_no_path_leads_elsewhere(door: Served, path: str) -> None:
    """Nothing but the names of the list; and nobody is sent to another address."""
    answer = ask_raw(door, write_request(door, path=path))
    assert answer.status in (400, 404)
    assert "root:" not in answer.text
    assert "location" not in answer.headers
    if answer.status == 404:
        require_headers(answer)


def test_other_methods(door: Served) -> None:
    for path in ROUTES:
        for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "CONNECT"):
            answer = ask_raw(door, write_request(door, method, path))
            assert answer.status in (404, 405), (method, path)
            require_headers(answer)
    assert ask_raw(door, write_request(door, "HEAD", "/")).text == ""


def test_bodies_are_bounded(door: Served) -> None:
    """By what they say and by what they are."""
    post = POSTS[0] if POSTS else "/api/case"
    for length in (body.LARGEST + 1, 10**15):
        answer = ask_raw(door, write_request(door, "POST", post, content_length=str(length)))
        assert answer.status == 413
        require_headers(answer)
    for length in ("-1", "1e3", "٣".encode().decode("latin-1"), "x"):
        assert ask_raw(door, write_request(door, "POST", post, content_length=length)).status in (400, 413), length
    chunk = b"10000\r\n" + b"[" * 65536 + b"\r\n"
    answer = ask_raw(door, write_request(door, "POST", post, transfer_encoding="chunked"), *[chunk] * 80, b"0\r\n\r\n")
    assert answer.status in (0, 413)


def test_who_sends_slowly_is_left(door: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """And keeps nobody else waiting."""
    monkeypatch.setattr(body.take_body, "__defaults__", (body.LARGEST, 0.3))
    began = time.monotonic()
    answer = ask_raw(door, write_request(door, "POST", "/api/case", content_length="100"), b"{")
    assert (answer.status, time.monotonic() - began < 5) == (408, True)
    require_headers(answer)


def test_headers_are_bounded(door: Served) -> None:
    answer = ask_raw(door, write_request(door, x="y" * 200_000))
    assert answer.status in (0, 400)
    assert ask_raw(door, write_request(door)).status == 200


HOSTILE = [
    b"", b"{", b"[]", b"null", b"1", b'"x"', b"\xff\xfe", b"NaN", b'{"a": NaN}', b'{"a": Infinity}', b"[" * 100_000,
    b'{"a":' * 50_000 + b"1" + b"}" * 50_000, b'{"\\ud800": 1}', b'{"a": "\\udfff"}', b"\x00", b"{}\x00",
]  # fmt: skip


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize("sent", HOSTILE, ids=range(len(HOSTILE)))
def test_what_is_no_document_is_refused_in_words(door: Served, path: str, sent: bytes) -> None:
    answer = ask_raw(door, write_request(door, "POST", path, content_length=str(len(sent))), sent)
    assert answer.status in (400, 403, 422)
    assert "error" in answer.text or "faults" in answer.text
    require_headers(answer)


def test_read_only_writes_nothing(short_case: Path) -> None:
    """Whatever a page that was not started for editing sends, the folder stays as it was."""
    before = {path: path.read_bytes() for path in short_case.rglob("*") if path.is_file()}
    with serve_folder(short_case, load=False) as served, served.client() as client:
        for path, (verb, _) in ROUTES.items():
            if verb == "SAVE":
                answer = client.post(path, json={"name": "x", "title": "x", "edits": {}})
                assert answer.status_code == 403
                assert "--edit" in answer.json()["error"]
    assert {path: path.read_bytes() for path in short_case.rglob("*") if path.is_file()} == before
