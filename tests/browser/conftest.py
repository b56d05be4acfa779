"""A served site with its worker, and people in browsers of their own."""

import re
import zlib
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.chromium import chromium, launch_arguments
from tests.browser.clerk import Clerk
from tests.browser.folder import write_folder
from tests.durability.databases import database
from tests.durability.site import Site

PATIENCE = 45_000  # ms: the machine may be busy
WORKER = 150_000  # ms: and the one worker may have the studies of other tests before this one
expect.set_options(timeout=PATIENCE)
WATCH = "document.addEventListener('securitypolicyviolation', (e) => console.error('CSP ' + e.violatedDirective))"


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return browser_type_launch_args | {"executable_path": chromium(), "args": launch_arguments()}


@pytest.fixture(scope="session")
def site(static_files, tmp_path_factory) -> Iterator[Site]:
    """One served site for all browser tests, each with a study of its own."""
    data = tmp_path_factory.mktemp("browser") / "data"
    data.mkdir()
    with database(data) as url:
        served = Site(data, url)
        served.environment["BASE_URL"] = f"http://localhost:{served.port}"
        (data / "static").symlink_to(settings.STATIC_ROOT)
        try:
            served.manage("migrate", "--verbosity", "0")
            served.start()
            served.spawn(served.command("work"))
            yield served
        finally:
            served.end()


@pytest.fixture(scope="session")
def clerk(site) -> Iterator[Clerk]:
    """Runs management commands on the site."""
    at_work = Clerk(site)
    yield at_work
    at_work.close()


@pytest.fixture
def study(clerk, tmp_path, request) -> Callable[..., str]:
    """Imports a study and returns its slug; see `write_folder` for what can be asked for."""

    def make(**settings: object) -> str:
        name = re.sub(r"[^a-z0-9]+", "-", request.node.name.lower())
        slug = f"{name[:50].strip('-')}-{zlib.crc32(name.encode()):x}"
        clerk.manage("import_study", str(write_folder(tmp_path / slug, slug=slug, **settings)))
        return slug

    return make


class Person:
    """Somebody with a browser of their own; everything the browser complains of is kept."""

    def __init__(self, context: BrowserContext, bench: str) -> None:
        self.page: Page = context.new_page()
        self.bench = bench
        self.context = context
        self.complaints: list[str] = []
        context.add_init_script(WATCH)
        self.page.on("console", lambda said: said.type == "error" and self.complaints.append(said.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def sign_in(self, link: str) -> Page:
        self.page.goto(link)
        self.page.get_by_role("button", name="Sign in").click()
        return self.page

    def agree(self) -> Page:
        self.page.get_by_role("button", name="I agree, begin").click()
        self.page.locator(f"{self.bench} form.task").first.wait_for()
        return self.page


@pytest.fixture
def person(browser: Browser, site, clerk) -> Iterator[Callable[..., Person]]:
    """Invites somebody to a study and opens their browser; nobody's browser may have complained at the end."""
    people: list[Person] = []

    def make(study: str, role: str = "rater", *, name: str = "Bob", **context: object) -> Person:
        given = {"viewport": {"width": 1440, "height": 900}, "base_url": f"http://localhost:{site.port}"} | context
        scripted = given.get("java_script_enabled", True)  # keys do nothing before the bench is defined
        someone = Person(browser.new_context(**given), "judging-bench:defined" if scripted else "judging-bench")
        someone.context.set_default_timeout(PATIENCE)
        someone.link = clerk.manage("invite", study, name, "--role", role).strip()
        people.append(someone)
        return someone

    yield make
    complaints = [complaint for someone in people for complaint in someone.complaints]
    for someone in people:
        someone.context.close()
    assert complaints == []


@pytest.fixture
def rater(person) -> Callable[..., Person]:
    """A rater who has signed in and agreed, with the first comparison on the screen."""

    def make(study: str, **more: object) -> Person:
        someone = person(study, **more)
        someone.sign_in(someone.link)
        someone.agree()
        return someone

    return make
