"""A program with a token."""

import json
from datetime import timedelta
from typing import Any

from django.test import Client

from feedback.people.actions import make_token
from feedback.people.models import SCOPES, User

ROOT = "/api/v1/"


def secret_of(user: User, *scopes: str, days: int = 1) -> str:
    """A new token's secret; of every scope unless told."""
    return make_token(user=user, name="a test", scopes=scopes or SCOPES, life=timedelta(days=days))[1]


class Caller:
    """Somebody's program; without a user it has no token."""

    def __init__(self, user: User | None = None, *scopes: str, secret: str = "") -> None:
        self.client = Client()
        self.secret = secret or (secret_of(user, *scopes) if user else "")

    def send(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        """`body` is sent as JSON, bytes as they are; the answer's own `body` is read to its end."""
        headers = {"Authorization": f"Bearer {self.secret}"} if self.secret else {}
        headers |= more.pop("headers", {})
        if not isinstance(body, bytes) and body is not None:
            body = json.dumps(body)
        given = {"data": b"" if body is None else body, "content_type": "application/json"} | more
        address = path if path.startswith("/") else ROOT + path
        answer = self.client.generic(method, address, headers=headers, **given)
        answer.body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        return answer

    def get(self, path: str, **more: Any) -> Any:
        return self.send("GET", path, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> Any:
        return self.send("POST", path, body, **more)

    def rows(self, path: str) -> list[Any]:
        """All rows of a list, page after page."""
        page = self.get(path).json()
        rows = page["results"]
        while page["next"]:
            page = self.get(page["next"].partition("testserver")[2]).json()
            rows += page["results"]
        return rows
