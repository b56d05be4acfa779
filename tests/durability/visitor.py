"""Somebody in front of a browser without scripts: cookies, forms, one connection a request."""

import http.client
import select
import socket
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from typing import Self
from urllib.parse import urlencode, urlsplit

TIMEOUT = 60  # seconds


@dataclass
class Form:
    """A form of a page: where it goes, what it brings along, and what can be chosen in it."""

    action: str
    kind: str
    fields: dict[str, str] = field(default_factory=dict)
    choices: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Task:
    """A comparison on the bench, to be answered."""

    action: str
    fields: Mapping[str, str]

    @property
    def assignment(self) -> str:
        """The public id, as databases keep it."""
        return self.action.strip("/").rsplit("/", 1)[-1]

    @property
    def key(self) -> str:
        return self.fields["key"]

    def answered(self, value: str = "1", *, why: str = "", ahead: bool = True) -> Self:
        """The same with every criterion answered, as the page's script sends it or (not `ahead`) the bare page."""
        said = {name: value for name in self.fields if name.startswith("answer.")}
        return replace(self, fields={**self.fields, **said, "rationale": why} | ({"ahead": "1"} if ahead else {}))

    def with_new_key(self) -> Self:
        return replace(self, fields={**self.fields, "key": str(uuid.uuid4())})


@dataclass(frozen=True)
class Reply:
    """What the server said."""

    status: int
    location: str
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def task(self) -> Task | None:
        """The comparison on the page, if there is one."""
        return next((_task(form) for form in self.forms() if form.kind == "task"), None)

    def forms(self) -> list[Form]:
        reader = _FormReader()
        reader.feed(self.text)
        return reader.forms

    def form(self, action: str) -> Form:
        """The form that goes to addresses with this end."""
        found = [form for form in self.forms() if form.action.endswith(action)]
        assert found, f"{self.status}: {self.text}"
        return found[0]


class Visitor:
    """One session; requests may come from several threads."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        self.cookies: dict[str, str] = {}
        self.token = ""

    def get(self, path: str) -> Reply:
        """The page, behind redirects."""
        reply = self.request("GET", path)
        while reply.location:
            reply = self.request("GET", reply.location)
        return reply

    def post(self, path: str, fields: Mapping[str, str], **more: list[str]) -> Reply:
        """Send a form; redirects are not followed."""
        return self.request("POST", path, urlencode({**fields, **more}, doseq=True))

    def request(self, method: str, path: str, body: str | None = None) -> Reply:
        connection = self._connection()
        try:
            connection.request(method, path, body, self._headers(body))
            response = connection.getresponse()
            content = response.read()
        finally:
            connection.close()
        for header in response.headers.get_all("Set-Cookie") or ():
            for name, morsel in SimpleCookie(header).items():
                self.cookies[name] = morsel.value
        return Reply(response.status, _path(response.headers.get("Location", "")), content)

    def send_and_leave(self, task: Task, *, answered: bool) -> None:
        """Send an answer and close the connection without reading what the server says, `answered` or not yet."""
        body = urlencode(task.fields)
        connection = self._connection()
        try:
            connection.request("POST", task.action, body, self._headers(body))
            assert connection.sock is not None
            if answered:
                select.select([connection.sock], [], [], TIMEOUT)
            connection.sock.shutdown(socket.SHUT_RDWR)
        finally:
            connection.close()

    def sign_in(self, link: str) -> None:
        """Spend the link; agree to the consent text where it is asked for."""
        form = self.request("GET", link).form("")
        spent = self.post(link, form.fields)
        assert spent.status == 302, spent.text
        page = self.get(spent.location)
        assert page.status == 200, page.text
        consent = next((one for one in page.forms() if "version" in one.fields), None)
        if consent:
            agreed = self.post(spent.location + "consent/", consent.fields)
            assert agreed.status == 302, agreed.text

    def bench(self, study: str) -> Task | None:
        """The comparison in hand or the next one; None at the end."""
        page = self.get(f"/studies/{study}/judge/")
        assert page.status == 200, page.text
        return page.task

    def ahead(self, study: str, held: list[Task]) -> Reply:
        """Ask for one more comparison, besides those on the page."""
        token = {"csrfmiddlewaretoken": held[0].fields["csrfmiddlewaretoken"]}
        holding = [task.assignment for task in held]
        return self.post(f"/studies/{study}/judge/ahead/", token, holding=holding)

    def submit(self, task: Task) -> Reply:
        return self.post(task.action, task.fields)

    def undo(self, study: str) -> Reply:
        form = self.get(f"/studies/{study}/judge/").form("/judge/undo/")
        return self.post(form.action, form.fields)

    def _connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(self.host, self.port, timeout=TIMEOUT)

    def _headers(self, body: str | None) -> dict[str, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        return headers if body is None else headers | {"Content-Type": "application/x-www-form-urlencoded"}


class _FormReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(given.get("action", ""), given.get("class", "")))
            self.inside = True
        elif tag == "input" and self.inside and "name" in given:
            if given.get("type") == "hidden":
                self.forms[-1].fields[given["name"]] = given.get("value", "")
            elif given.get("type") == "radio":
                self.forms[-1].choices.add(given["name"])

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False


def _task(form: Form) -> Task:
    return Task(form.action, form.fields | dict.fromkeys(sorted(form.choices), ""))


def _path(location: str) -> str:
    split = urlsplit(location)
    return f"{split.path}?{split.query}" if split.query else split.path
