"""A rater who tries everything, and keeps every response."""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.test import Client
from django.urls import Resolver404, URLResolver, get_resolver, resolve, reverse

from feedback.api import urls as api

STRANGE = "00000000-0000-4000-8000-000000000000"
MEDIA = re.compile(r"/assignments/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/works/\d/(?:\?part=(?:poster|strip))?")


@dataclass(frozen=True)
class Response:
    """All of a response that reaches a browser."""

    method: str
    url: str
    view: str
    status: int
    headers: tuple[tuple[str, str], ...]
    cookies: tuple[str, ...]
    body: bytes

    def header(self, name: str) -> str:
        return dict(self.headers).get(name, "")

    @property
    def is_page(self) -> bool:
        return self.header("Content-Type").startswith("text/html")

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def links(self) -> list[str]:
        """Every address that the page names."""
        return re.findall(r'(?:src|href|action|data-[a-z-]+)="(/[^"]*)"', self.text) if self.is_page else []


@dataclass(frozen=True)
class Task:
    """The comparison on a page."""

    action: str
    html: str

    @property
    def hidden(self) -> dict[str, str]:
        return dict(re.findall(r'<input type="hidden" name="(key|replaces)" value="([^"]*)"', self.html))

    @property
    def id(self) -> str:
        return self.action.split("/")[2]

    @property
    def pictures(self) -> list[str]:
        return re.findall(r'<img src="([^"]+)"', self.html)

    @property
    def works(self) -> list[str]:
        """The addresses of all works that are files, and of their stills."""
        return re.findall(r'data-(?:src|poster|strip)="(/[^"]+)"', self.html)

    @property
    def medium(self) -> str:
        return re.findall(r'data-medium="(\w+)"', self.html)[0]

    def said(self, step: int = 1) -> dict[str, str]:
        """The form filled in: the same step of each scale, or the works in order."""
        scales = dict.fromkeys(re.findall(r'type="radio" name="(answer\.[^"]+)" value="1"', self.html), str(step))
        ranks = re.findall(r'name="(rank\.[^"]+\.(\d+))"', self.html)
        return self.hidden | scales | {name: str(int(position) + 1) for name, position in ranks}


def task_of(response: Response) -> Task | None:
    if response.status not in {200, 422} or not response.is_page:
        return None
    found = re.search(r'<form class="task" method="post" action="([^"]+)".*?</form>', response.text, re.DOTALL)
    return Task(found[1], found[0]) if found else None


class Visitor:
    """Somebody with a browser of their own."""

    def __init__(self, *, strict: bool = False) -> None:
        self.client = Client(enforce_csrf_checks=strict)
        self.responses: list[Response] = []

    def send(self, method: str, url: str, data: dict[str, object] | None = None, **headers: str) -> Response:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        raw = getattr(self.client, method.lower())(url, data, headers=given)
        body = b"".join(raw.streaming_content) if raw.streaming else raw.content
        response = Response(
            method=method,
            url=url,
            view=_view_of(url),
            status=raw.status_code,
            headers=tuple(raw.headers.items()),
            cookies=tuple(morsel.OutputString() for morsel in raw.cookies.values()),
            body=body,
        )
        self.responses.append(response)
        return response

    def get(self, url: str, **headers: str) -> Response:
        return self.send("GET", url, **headers)

    def post(self, url: str, data: dict[str, object] | None = None, **headers: str) -> Response:
        return self.send("POST", url, data, **headers)

    def enter(self, link: str) -> Response:
        """Open a sign-in link, press the button, go where it leads, and agree to what is asked."""
        path = urlsplit(link).path
        self.get(path)
        arrived = self.follow(self.post(path))
        if arrived.view == "consent":
            arrived = self.follow(self.post(arrived.url, {"version": consent_version(arrived)}))
        return arrived

    def follow(self, response: Response) -> Response:
        while response.status in {301, 302, 303, 307, 308}:
            response = self.get(response.header("Location"))
        return response


def consent_version(page: Response) -> str:
    """Which version of the consent text stands on the page."""
    return re.findall(r'name="version" value="(\d+)"', page.text)[0]


def _view_of(url: str) -> str:
    try:
        return resolve(urlsplit(url).path).url_name or ""
    except Resolver404:
        return ""


def judge_all(visitor: Visitor, study: str) -> list[Task]:
    """Judge as a page with scripts does until nothing is left; every comparison as it was shown."""
    told = []
    task = task_of(visitor.get(reverse("judge", args=[study])))
    while task:
        told.append(task)
        for picture in task.pictures:
            visitor.get(picture)
        task = task_of(visitor.post(task.action, task.said() | {"ahead": "1"}))
    return told


def walk(study: str, link: str, *, at_most: int = 1_000) -> list[Response]:
    """Everything a rater can get, from the entrance to the end of the queue; at most so many comparisons."""
    visitor, strict = Visitor(), Visitor(strict=True)
    _elsewhere(visitor, study)
    _entrance(visitor, link)
    _consent(visitor, study)
    _elsewhere(visitor, study)
    for number in count():
        task = task_of(visitor.get(reverse("judge", args=[study]))) if number < at_most else None
        if task is None:
            break
        _look(visitor, visitor.responses[-1])
        _beside(visitor, task)
        [_plainly, _with_scripts, _undoing][number % 3](visitor, study, task)
        if number == 0:
            _at_the_edges(visitor, task)
    for url in (reverse("judge", args=[study]), reverse("thanks", args=[study]), reverse("studies"), "/"):
        _look(visitor, visitor.get(url))
        visitor.follow(visitor.responses[-1])
    strict.get(urlsplit(link).path)
    strict.post(reverse("undo", args=[study]))
    _withdrawn(visitor, study)
    visitor.post(reverse("sign_out"))
    return visitor.responses + strict.responses


def _withdrawn(visitor: Visitor, study: str) -> None:
    """The rater takes everything back, looks round, and undoes it."""
    visitor.post(reverse("words"), {"words": "on"})
    visitor.follow(visitor.post(reverse("withdraw_own", args=[study])))
    _look(visitor, visitor.get(reverse("thanks", args=[study])))
    visitor.follow(visitor.get(reverse("judge", args=[study])))
    visitor.follow(visitor.post(reverse("restore_own", args=[study])))


def _entrance(visitor: Visitor, link: str) -> None:
    path = urlsplit(link).path
    visitor.send("HEAD", path)
    visitor.send("PUT", path)
    _look(visitor, visitor.get(path))
    _look(visitor, visitor.follow(visitor.post(path)))
    visitor.post(path)  # spent
    visitor.get(path[:-3] + "/")  # forged


def _consent(visitor: Visitor, study: str) -> None:
    address = reverse("consent", args=[study])
    visitor.get(reverse("judge", args=[study]))
    visitor.post(reverse("ahead", args=[study]))
    visitor.post(address, {"version": "0"})
    visitor.follow(visitor.post(address, {"version": consent_version(visitor.get(address))}))
    visitor.get(address)


# What ends the visit, or is part of the way that is walked on purpose.
ON_THE_WAY = {"sign_in", "sign_out", "consent", "judge", "undo", "withdraw_own", "restore_own", "letter_keys", "words"}


def _named(study: str) -> list[str]:
    """An address for every name of the site, those apart that are walked on purpose."""
    values = {"slug": study, "public_id": STRANGE, "number": 1, "entry": 0, "position": 0, "path": "README.md"}
    values |= {"chart": "generators"}
    found = {pattern.name: pattern.pattern.converters for pattern in _patterns(get_resolver())}
    wanted = {name: of for name, of in found.items() if name not in ON_THE_WAY and of.keys() <= values.keys()}
    return [reverse(name, kwargs={key: values[key] for key in of}) for name, of in wanted.items()]


def _patterns(resolver: URLResolver) -> Iterator[Any]:
    for pattern in resolver.url_patterns:
        yield from _patterns(pattern) if isinstance(pattern, URLResolver) else [pattern]


def _elsewhere(visitor: Visitor, study: str) -> None:
    """Every address of the site by every method, whoever it is meant for, and some that there are none."""
    addresses = [
        *_named(study),
        *[reverse("audit", args=[study, number]) for number in (1, 2, 9**9)],
        *[reverse("audited_work", args=[study, number, 0]) for number in (1, 2, 9**9)],
        reverse("study", args=["another"]),
        reverse("example", args=[study, STRANGE]),
        *[reverse(name, args=[STRANGE]) for name in ("release", "download_release", "cancel_build")],
        reverse("release_file", args=[STRANGE, "README.md"]),
        *_for_machines(study),
        reverse("answer", args=[STRANGE]),
        reverse("draft", args=[STRANGE]),
        reverse("flag", args=[STRANGE]),
        reverse("shown_work", args=[STRANGE, 0]),
        "/nothing/here/",
        "/media/",
        "/admin/",
        "/static/nothing.css",
        "/api/v1/",
        f"/studies/{study}",
    ]
    for address in addresses:
        visitor.get(address)
        visitor.send("HEAD", address)
        visitor.post(address, {"name": "", "role": "lead"})
        visitor.send("OPTIONS", address)
    visitor.get(reverse("standings", args=[study]), Accept="text/html")
    visitor.get(reverse("releases", args=[study]), HX_Request="true", HX_Target="releases")
    visitor.get("/", Host="elsewhere.example")
    visitor.post(reverse("letter_keys"), {"on": "0"})
    visitor.post(reverse("letter_keys"), {"on": "1"})
    visitor.get(reverse("desk"))
    visitor.post(reverse("keys"), {"m": "k"})
    visitor.post(reverse("keys"), {"m": "e", "break_after": "20"})
    visitor.post(reverse("keys"), {"m": "m"})
    visitor.post(reverse("device"), {"found": "[]"})
    visitor.post(reverse("device"), {"found": '{"pixel_ratio": 2}'})


def _for_machines(study: str) -> list[str]:
    """Every address of the API, and of the tokens that open it."""
    values = {"slug": study, "public_id": STRANGE, "path": "README.md", "number": 1}
    named = [
        reverse(pattern.name, kwargs={name: values[name] for name in pattern.pattern.converters})
        for pattern in api.urlpatterns
    ]
    return [*named, reverse("tokens"), reverse("make_token"), reverse("revoke_token", args=[STRANGE])]


def _beside(visitor: Visitor, task: Task) -> None:
    """A draft, a flag, and the parts of works that there are or are not."""
    visitor.post(f"{task.action}draft/", {"said": '{"rationale": "half"}'})
    visitor.post(f"{task.action}draft/", {"said": "["})
    visitor.post(f"{task.action}flag/", {"reason": "recognised", "note": "I think I know it"})
    visitor.post(f"{task.action}flag/", {"reason": "none"})
    for part in ("poster", "strip", "original"):
        visitor.get(f"{task.action}works/0/?part={part}")


def _look(visitor: Visitor, page: Response) -> None:
    """Load what the page names: works in every way, the rest once."""
    before = {response.url for response in visitor.responses}
    for link in dict.fromkeys(page.links):
        if link in before:
            continue
        if MEDIA.fullmatch(link.partition("?")[0]):
            look_at_work(visitor, link)
        elif link.startswith(f"/{settings.STATIC_URL.strip('/')}/"):
            visitor.get(link)


def look_at_work(visitor: Visitor, url: str) -> None:
    visitor.get(url)
    visitor.send("HEAD", url)
    for asked in ("bytes=0-15", "bytes=16-", "bytes=-12", "bytes=99999999-", "bytes=0-1,4-5", "lines=1-2"):
        visitor.get(url, Range=asked)
    visitor.get(url, If_None_Match="*", If_Modified_Since="Fri, 01 Jan 2038 00:00:00 GMT")
    visitor.post(url)


def _at_the_edges(visitor: Visitor, task: Task) -> None:
    for position in ("2", "99", "9" * 30, "-1", "x"):
        visitor.get(f"{task.action}works/{position}/")
    visitor.get(f"{task.action}works/")
    visitor.get(task.action)
    visitor.send("OPTIONS", task.action)


def _plainly(visitor: Visitor, study: str, task: Task) -> None:
    """Without scripts: refused, stored, sent again, and the same from another tab."""
    visitor.post(task.action, task.hidden | {"rationale": "Half-way."})
    visitor.follow(visitor.post(task.action, task.said() | {"rationale": "The light in A."}))
    visitor.follow(visitor.post(task.action, task.said() | {"rationale": "The light in A."}))
    visitor.post(task.action, task.said(3) | {"key": str(uuid.uuid4())})


def _with_scripts(visitor: Visitor, study: str, task: Task) -> None:
    """As the page does: the next one is fetched ahead, answers go in the background."""
    visitor.post(reverse("ahead", args=[study]), {"holding": task.id})
    _look(visitor, visitor.responses[-1])
    visitor.post(task.action, task.hidden | {"ahead": "1"}, HX_Request="true")
    visitor.post(task.action, task.said(2) | {"ahead": "1"})
    _look(visitor, visitor.responses[-1])
    visitor.post(task.action, task.said(3) | {"ahead": "1", "key": str(uuid.uuid4())})


def _undoing(visitor: Visitor, study: str, task: Task) -> None:
    """Answered, taken back, answered again; taking back more than there is."""
    undo = reverse("undo", args=[study])
    visitor.post(task.action, task.said(3))
    visitor.follow(visitor.post(undo, {"key": str(uuid.uuid4())}))
    back = task_of(visitor.responses[-1])
    visitor.post(back.action, back.said(1))
    part = visitor.post(undo, {"key": str(uuid.uuid4()), "ahead": "1"})
    _look(visitor, part)
    back = task_of(part)
    visitor.post(back.action, back.said(2))
