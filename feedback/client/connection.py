"""Requests to one site with one token: nothing is sent elsewhere, and what may be repeated is tried again."""

import json
import time
from collections.abc import Iterator, Mapping
from http.client import HTTPException, HTTPResponse
from typing import Any, NoReturn
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from feedback.client.errors import Refused, SalonError, Unreachable

TRIES = 6
LONGEST_WAIT = 60.0  # seconds
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
BUSY = {429, 502, 503, 504}


class _NoRedirects(HTTPRedirectHandler):
    """A token goes to the site it was made for and nowhere else."""

    def redirect_request(self, *_: Any, **_more: Any) -> None:
        return None


class Connection:
    """A site and the token to use there."""

    def __init__(self, url: str, token: str, *, timeout: float = 60.0, insecure: bool = False) -> None:
        parts = urlsplit(url if "://" in url else f"https://{url}")
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise SalonError(f"{url!r} is no address of a site: give one such as https://salon.example.")
        if parts.scheme == "http" and parts.hostname not in LOOPBACK and not insecure:
            raise SalonError(
                f"{url} would send the token in the clear: use https://, or pass insecure=True on a network you trust."
            )
        self.origin = f"{parts.scheme}://{parts.netloc}"
        self.token = token
        self.timeout = timeout
        self._opener = build_opener(_NoRedirects)

    def __repr__(self) -> str:
        return f"Connection({self.origin!r})"

    def json(self, method: str, path: str, *, body: Any = None, query: Mapping[str, Any] | None = None) -> Any:
        """The answer, read as JSON; None where there is none."""
        data = None if body is None else json.dumps(body).encode()
        headers = {} if data is None else {"Content-Type": "application/json"}
        for tried in range(TRIES):
            try:
                with self.open(method, path, data=data, headers=headers, query=query) as answer:
                    said = answer.read()
            except (OSError, HTTPException) as cut:
                self._wait(tried, cut)
            else:
                return json.loads(said) if said else None
        raise AssertionError

    def pages(self, path: str, *, query: Mapping[str, Any] | None = None) -> Iterator[Any]:
        """Every row of a list, page after page."""
        page = self.json("GET", path, query=query)
        yield from page["results"]
        while page["next"]:
            following = urlsplit(page["next"])
            page = self.json("GET", f"{following.path}?{following.query}")
            yield from page["results"]

    def open(
        self,
        method: str,
        path: str,
        *,
        data: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, Any] | None = None,
    ) -> HTTPResponse:
        """The answer, to be read and closed by the caller. Waits where the site asks to; raises Refused if it says no."""
        path = path if path.startswith("/api/") else f"/api/v1/{path}"
        asked = {name: value for name, value in (query or {}).items() if value is not None}
        address = f"{self.origin}{path}" + (f"?{urlencode(asked)}" if asked else "")
        given = {"Authorization": f"Bearer {self.token}", "Accept": "application/json", **(headers or {})}
        for tried in range(TRIES):
            request = Request(address, data=data, headers=given, method=method)  # noqa: S310 - http and https alone, see __init__
            try:
                answer: HTTPResponse = self._opener.open(request, timeout=self.timeout)
            except HTTPError as error:
                with error:
                    if error.code not in BUSY or tried == TRIES - 1:
                        _refuse(error)
                    time.sleep(_pause(tried, error.headers.get("Retry-After")))
            except (URLError, OSError, HTTPException) as error:
                self._wait(tried, error)
            else:
                return answer
        raise AssertionError

    def _wait(self, tried: int, error: Exception) -> None:
        """Pause before the next try; raises Unreachable after the last."""
        if tried == TRIES - 1:
            reason = getattr(error, "reason", None) or error
            raise Unreachable(f"{self.origin} did not answer: {reason}. Check the address and try again.") from error
        time.sleep(_pause(tried))


def _pause(tried: int, told: str | None = None) -> float:
    return min(LONGEST_WAIT, float(told) if told and told.isdigit() else 0.25 * 2**tried)


def _refuse(error: HTTPError) -> NoReturn:
    """Raise what the site said; a page that is no problem JSON is told by its status."""
    if 300 <= error.code < 400:
        raise Refused(
            error.code, f"It leads on to {error.headers.get('Location')}.", remedy="Give that site's address."
        ) from None
    try:
        told = json.loads(error.read())
        faults = [(fault["where"], fault["detail"]) for fault in told["errors"]]
        raise Refused(error.code, told["detail"], where=told["where"], remedy=told["remedy"], faults=faults) from None
    except (ValueError, KeyError, TypeError):
        remedy = (
            "Try again later; the site's log says more." if error.code >= 500 else "Is this the address of a Salon?"
        )
        raise Refused(error.code, f"{error.reason}.", remedy=remedy) from None
