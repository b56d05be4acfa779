"""The promises as checks. Each does what raters do and returns what was broken: an empty list is a promise kept."""

import http.client
import itertools
import json
import random
import re
import shutil
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from tests.durability.site import Site
from tests.durability.studies import CRITERIA, SOAK, STUDIES
from tests.durability.visitor import Reply, Task, Visitor

SAVED = {200, 204}  # with and without a further comparison
ALREADY = "already judged"
GIVE_UP_AFTER = 120.0  # seconds
LONG_AGO = "2001-01-01 00:00:00"

OF_ASSIGNMENT = """
    SELECT s.key, s.kind, s.late, s.extra, a.latest_id = s.id, (SELECT COUNT(*) FROM judging_judgement j WHERE
    j.submission_id = s.id) FROM judging_submission s JOIN judging_assignment a ON a.id = s.assignment_id
    WHERE a.public_id = ? ORDER BY s.number
"""
OF_STUDY = """
    SELECT s.key, a.public_id, r.text, a.latest_id = s.id, (SELECT COUNT(*) FROM judging_judgement j WHERE
    j.submission_id = s.id) FROM judging_submission s JOIN judging_assignment a ON a.id = s.assignment_id
    JOIN studies_study t ON t.id = s.study_id LEFT JOIN judging_rationale r ON r.submission_id = s.id
    WHERE t.slug = ? ORDER BY s.id
"""
HANDED_OUT = """
    SELECT c.id, a.rater_id FROM judging_assignment a JOIN judging_comparison c ON c.id = a.comparison_id
    JOIN studies_study t ON t.id = c.study_id WHERE t.slug = ?
"""
PLACES = """
    SELECT c.id, c.places, c.places_taken, (SELECT COUNT(*) FROM judging_assignment a WHERE a.comparison_id = c.id
    AND a.holds_place) FROM judging_comparison c JOIN studies_study t ON t.id = c.study_id WHERE t.slug = ?
"""


def at_once[T](calls: Sequence[Callable[[], T]]) -> list[T]:
    """What the calls return, each in a thread of its own, all starting together."""
    together = threading.Barrier(len(calls))

    def wait_and(call: Callable[[], T]) -> T:
        together.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(wait_and, calls))


# One answer, sent more than once


def double_sends(site: Site, *, rounds: int = 5 * SOAK) -> list[str]:
    """The same answer from eight threads at once: each is told that it is saved, one is stored."""
    visitor, faults = site.visitor("doubles"), []
    for number in range(rounds):
        task = visitor.bench("doubles")
        assert task is not None
        sent = task.answered(why=f"Double {number}.")
        replies = at_once([partial(visitor.submit, sent)] * 8)
        faults += [_told(reply) for reply in replies if reply.status not in SAVED]
        faults += _stored_once(site, sent, {sent.key})
    return faults


def two_tabs(site: Site, *, rounds: int = 6 * SOAK) -> list[str]:
    """Two tabs with one comparison answer at once: one is stored, the other is told so, with scripts and without."""
    visitor, faults = site.visitor("tabs"), []
    for number in range(rounds):
        ahead = bool(number % 2)
        opened = at_once([partial(visitor.get, "/studies/tabs/judge/")] * (2 if number else 1))
        if broken := [_told(reply) for reply in opened if reply.status != 200]:
            faults += broken
            continue
        left = opened[0].task
        assert left is not None
        sent = [left.answered(value, why=f"Tab {value}.", ahead=ahead) for value in ("1", "3")]
        sent[1] = sent[1].with_new_key()
        replies = at_once([partial(visitor.submit, one) for one in sent])
        saved = [one for one, reply in zip(sent, replies, strict=True) if reply.status in SAVED | {302}]
        told = [reply for reply in replies if reply.status == 409 and ALREADY in reply.text]
        if (len(saved), len(told)) != (1, 1):
            faults.append(f"tabs: {len(saved)} saved, {len(told)} told, {sorted(reply.status for reply in replies)}")
        faults += _stored_once(site, left, {one.key for one in saved})
    return faults


def lost_answers(site: Site, *, rounds: int = 4 * SOAK) -> list[str]:
    """The connection goes before the server's word arrives, and the answer is sent again: one is stored."""
    visitor, faults = site.visitor("lost"), []
    for number in range(rounds):
        task = visitor.bench("lost")
        assert task is not None
        sent = task.answered(why=f"Lost {number}.")
        visitor.send_and_leave(sent, answered=bool(number % 2))
        reply = visitor.submit(sent)
        faults += [_told(reply)] if reply.status not in SAVED else []
        faults += _stored_once(site, sent, {sent.key})
    return faults


def double_undos(site: Site, *, rounds: int = 2 * SOAK) -> list[str]:
    """The same undo from eight threads at once: each is told that it is done, one answer is taken back."""
    visitor, faults = site.visitor("undos"), []
    for number in range(rounds):
        tasks = [visitor.bench("undos")]
        for _ in range(2):
            assert tasks[-1] is not None
            tasks.append(visitor.submit(tasks[-1].answered(why=f"Undo {number}.")).task)
        form = visitor.get("/studies/undos/judge/").form("/judge/undo/")
        replies = at_once([partial(visitor.post, form.action, form.fields)] * 8)
        faults += [_told(reply) for reply in replies if reply.status != 302]
        kinds = [[row[1] for row in site.rows(OF_ASSIGNMENT, _hex(task.assignment))] for task in tasks[:2] if task]
        faults += [] if kinds == [["answer"], ["answer", "retraction"]] else [f"stored {kinds}"]
        again = visitor.bench("undos")
        assert again is not None
        visitor.submit(again.answered())
    return faults


def _stored_once(site: Site, task: Task, keys: set[str]) -> list[str]:
    """What is wrong with what is stored of an assignment that should have been answered once, with one of the keys."""
    rows = site.rows(OF_ASSIGNMENT, _hex(task.assignment))
    faults = [] if len(rows) == 1 else [f"{len(rows)} submissions of one comparison"]
    faults += ["stored under another key"] if not {_hex(row[0]) for row in rows} <= {_hex(key) for key in keys} else []
    faults += ["none is the live one"] if not any(row[4] for row in rows) else []
    return faults + ["not whole" for row in rows if row[5] != len(CRITERIA)]


# Many raters


def crowd(site: Site, *, study: str = "race") -> list[str]:
    """All raters of a study ask at the same time until nothing is left: no place is given twice, every place is given."""
    shape = STUDIES[study]
    visitors = site.visitors(study, shape.raters)
    replies = list(itertools.chain(*at_once([partial(_take_all, visitor, study) for visitor in visitors])))
    handed_out = site.rows(HANDED_OUT, study)
    print(f"{len(handed_out)} of {shape.places} places handed out to {shape.raters} raters")
    faults = [_told(reply) for reply in replies if reply.status not in SAVED]
    most = Counter(comparison for comparison, _ in handed_out)
    faults += [f"handed out {count} times" for count in most.values() if count > shape.overlap]
    faults += [f"{count} times to one rater" for count in Counter(handed_out).values() if count > 1]
    if len(handed_out) != shape.places:
        faults.append(f"{len(handed_out)} handed out, {shape.places} places")
    return faults + _places(site, study)


def _take_all(visitor: Visitor, study: str) -> list[Reply]:
    """Ask on and on without answering, as eager pages do."""
    first = visitor.request("GET", f"/studies/{study}/judge/")
    replies = [first] if first.status != 302 else []
    held = [first.task] if first.task else []
    while held:
        reply = visitor.ahead(study, held)
        replies.append(reply)
        if reply.task is None:
            break
        held.append(reply.task)
    return replies


def impatient(site: Site, *, rounds: int = 3 * SOAK) -> list[str]:
    """One rater opens eight tabs at once: each shows a comparison, none is in the rater's hands twice."""
    visitor, faults = site.visitor("impatient"), []
    for _ in range(rounds):
        replies = at_once([partial(visitor.request, "GET", "/studies/impatient/judge/")] * 8)
        faults += [_told(reply) for reply in replies if reply.status not in {200, 302}]
        for reply in replies:
            if reply.task:
                visitor.submit(reply.task.answered())
    counts = Counter(site.rows(HANDED_OUT, "impatient"))
    return (
        faults + [f"{count} times to one rater" for count in counts.values() if count > 1] + _places(site, "impatient")
    )


def _places(site: Site, study: str) -> list[str]:
    return [
        f"{taken} places counted, {held} held, of {places}"
        for _, places, taken, held in site.rows(PLACES, study)
        if not taken == held <= places
    ]


@dataclass
class Sent:
    """An answer on its way: how often the server's word on it was lost, and what that word was in the end."""

    task: Task
    why: str
    lost: int = 0
    status: int = 0


@dataclass
class Panel:
    """Raters at work in a study, and the ledger of all they sent."""

    site: Site
    study: str
    ledger: list[Sent] = field(default_factory=list)
    refused: list[Reply] = field(default_factory=list)
    deadline: float = field(default_factory=lambda: time.monotonic() + GIVE_UP_AFTER * SOAK)

    def judge_all(self, visitor: Visitor) -> None:
        """Judge until nothing is left; what the server did not confirm is sent again with the same key."""
        reply = self._page(visitor)
        while task := reply.task:
            self.ledger.append(sent := Sent(task, why=f"Sentence {uuid.uuid4()}."))
            value = random.choice("123")
            reply = self._patiently(partial(visitor.submit, task.answered(value, why=sent.why)), sent)
            sent.status = reply.status
            if reply.status not in SAVED:
                return  # the ledger tells
            if not reply.task:
                reply = self._page(visitor)

    def _page(self, visitor: Visitor) -> Reply:
        page = self._patiently(partial(visitor.get, f"/studies/{self.study}/judge/"))
        if page.status != 200:
            self.refused.append(page)
        return page

    def _patiently[T](self, call: Callable[[], T], sent: Sent | None = None) -> T:
        while True:
            try:
                return call()
            except (OSError, http.client.HTTPException):
                if time.monotonic() > self.deadline:
                    raise
                if sent:
                    sent.lost += 1
                time.sleep(0.05)

    @property
    def acknowledged(self) -> list[Sent]:
        return [sent for sent in self.ledger if sent.status in SAVED]

    def faults(self) -> list[str]:
        """The ledger against the database."""
        rows = self.site.rows(OF_STUDY, self.study)
        stored = {_hex(key): why for key, _, why, _, _ in rows}
        known = {_hex(sent.task.key): sent for sent in self.ledger}
        faults = [_told(page) for page in self.refused]
        faults += [f"told {sent.status}" for sent in self.ledger if sent.status not in SAVED]
        for sent in self.acknowledged:
            if _hex(sent.task.key) not in stored:
                faults.append("acknowledged and lost")
            elif stored[_hex(sent.task.key)] != sent.why:
                faults.append("stored with other words")
        faults += ["stored, and nobody sent it" for key in stored if key not in known]
        twice = Counter(assignment for _, assignment, _, _, _ in rows)
        faults += [f"{count} submissions of one comparison" for count in twice.values() if count > 1]
        faults += ["not whole" for row in rows if row[4] != len(CRITERIA)]
        faults += ["not the live one" for row in rows if not row[3]]
        if len(rows) != STUDIES[self.study].places:
            faults.append(f"{len(rows)} stored of {STUDIES[self.study].places} asked for")
        return faults + _places(self.site, self.study)


def writers(site: Site) -> list[str]:
    """Sixteen raters judge everything at the same time: all is stored, nothing fails."""
    panel = Panel(site, "writers")
    visitors = site.visitors("writers", STUDIES["writers"].raters)
    started = time.monotonic()
    at_once([partial(panel.judge_all, visitor) for visitor in visitors])
    seconds = time.monotonic() - started
    print(f"{len(panel.acknowledged)} acknowledged of {len(panel.ledger)} sent, {len(panel.ledger) / seconds:.0f}/s")
    return panel.faults() + [f"no answer {sent.lost} times" for sent in panel.ledger if sent.lost]


def killed_server(site: Site, *, study: str = "kills", kills: int = 3 * SOAK, seed: int = 7) -> list[str]:
    """kill -9 while raters judge: what was acknowledged is stored, nothing is stored twice, all is judged in the end."""
    panel, dice = Panel(site, study), random.Random(seed)
    visitors = site.visitors(study, STUDIES[study].raters)
    moments = sorted(dice.sample(range(5, STUDIES[study].places - 20), kills))
    with ThreadPoolExecutor(len(visitors)) as threads:
        at_work = [threads.submit(panel.judge_all, visitor) for visitor in visitors]
        for moment in moments:
            while len(panel.acknowledged) < moment and not all(one.done() for one in at_work):
                time.sleep(0.002)
            time.sleep(dice.uniform(0, 0.03))
            site.kill()
            site.start()
        for one in at_work:
            one.result()
    lost = sum(1 for sent in panel.ledger if sent.lost)
    print(f"{kills} kills, {len(panel.ledger)} sent, {len(panel.acknowledged)} acknowledged, {lost} of them at a retry")
    return panel.faults()


# Leases and undo


def leases(site: Site) -> list[str]:
    """A lease that runs out gives its place back; the late answer is kept and says so."""
    early, other, faults = site.visitor("leases", 1), site.visitor("leases", 2), []
    slow, free = early.bench("leases"), other.bench("leases")
    assert slow is not None
    assert free is not None
    _run_out(site, slow)
    returned = other.ahead("leases", [free]).task
    if returned is None:
        faults.append("the place did not return")
    elif _comparison(site, returned) != _comparison(site, slow):
        faults.append("another comparison came")
    faults += _kept(site, early, slow, late=True, extra=returned is not None)
    if returned is not None:
        faults += _kept(site, other, returned, late=False, extra=False)
    _run_out(site, free)
    faults += _kept(site, other, free, late=True, extra=False)  # nobody took its place meanwhile
    return faults + _places(site, "leases")


def _run_out(site: Site, task: Task) -> None:
    site.rows("UPDATE judging_assignment SET leased_until = ? WHERE public_id = ?", LONG_AGO, _hex(task.assignment))


def _comparison(site: Site, task: Task) -> int:
    return site.value("SELECT comparison_id FROM judging_assignment WHERE public_id = ?", _hex(task.assignment))


def _kept(site: Site, visitor: Visitor, task: Task, *, late: bool, extra: bool) -> list[str]:
    reply = visitor.submit(task.answered())
    faults = [] if reply.status in SAVED else [_told(reply)]
    flags = [(bool(row[2]), bool(row[3])) for row in site.rows(OF_ASSIGNMENT, _hex(task.assignment))]
    return faults if flags == [(late, extra)] else [*faults, f"flags {flags}, expected {(late, extra)}"]


def undone(site: Site) -> list[str]:
    """Judging one changes the export, undoing it brings the earlier bytes back; needs the server and a worker."""
    engineer, rater = site.visitor("releases", role="engineer"), site.visitor("releases")
    before = _release(site, engineer)
    task = rater.bench("releases")
    assert task is not None
    judged = rater.submit(task.answered("3", why="A sentence."))
    between = _release(site, engineer)
    taken_back = rater.undo("releases")
    shutil.rmtree(site.data / "files" / "releases")  # so that the bytes are made again rather than found
    after = _release(site, engineer)
    faults = [_told(judged)] if judged.status not in SAVED else []
    faults += [_told(taken_back)] if taken_back.status != 302 else []
    faults += ["the judgement is not in the export"] if between == before else []
    faults += ["the export did not return to its bytes"] if after != before else []
    return faults


BUILDS = """
    SELECT b.state, r.public_id FROM datasets_build b LEFT JOIN datasets_release r ON r.id = b.release_id
    ORDER BY b.id DESC
"""


def _release(site: Site, engineer: Visitor) -> bytes:
    """The bytes of a release, asked for on the page and built in the background."""
    page = engineer.get("/studies/releases/releases/")
    form = page.form("/build/")
    asked = {"shape": "judgements", "purpose": "train-reward-model"}
    reply = engineer.post(form.action, form.fields | asked)
    assert reply.status == 302, reply.text
    [[state, public_id]] = wait_for(
        lambda: [row for row in site.rows(BUILDS)[:1] if row[0] not in {"waiting", "running"}]
    )
    assert state == "ready", site.rows("SELECT reason FROM datasets_build")
    download = engineer.get(f"/releases/{uuid.UUID(_hex(public_id))}/download/")
    assert download.status == 200
    return download.body


# The worker


TASKS = "SELECT status, attempts FROM django_ox_oxtask ORDER BY enqueued_at"
FITS = "SELECT COUNT(*) FROM results_fit f JOIN studies_study t ON t.id = f.study_id WHERE t.slug = 'releases'"


def killed_worker(
    site: Site,
    *,
    slow: dict[str, str],
    afterwards: dict[str, str],
    moments: Sequence[str] = ("READY", "RUNNING"),
    patience: float = 60,
) -> list[str]:
    """kill -9 while a fit waits, and while it runs: after a restart it is made, and no task is stuck.

    `slow` is an environment in which a fit takes long, `afterwards` that of the last start.
    """
    work, faults, seen = site.command("work"), [], []
    for moment in moments:
        worker = site.spawn(work, **slow)
        wait_for(lambda moment=moment: [row for row in site.rows(TASKS) if row[0] == moment])
        site.kill(worker)
        seen.append(site.rows(TASKS))
    faults += ["a killed worker left fits behind"] if site.value(FITS) else []
    site.rows("UPDATE django_ox_oxtask SET lease_expires_at = ?, locked_at = ?", LONG_AGO, LONG_AGO)
    site.spawn(work, **afterwards)
    try:
        wait_for(lambda: site.value(FITS))
        wait_for(lambda: all(status == "SUCCESSFUL" for status, _ in site.rows(TASKS)), within=patience)
    except TimeoutError:
        faults.append(f"stuck: {site.rows(TASKS)}")
    print(f"tasks (status, attempts) at each kill: {seen}, at the end: {site.rows(TASKS)}; {site.value(FITS)} fits")
    expected = 2 * len(CRITERIA)
    return faults if site.value(FITS) >= expected else [*faults, f"{site.value(FITS)} fits of {expected}"]


# Exports


def killed_export(site: Site, folder: Path, *, kills: int = 6 * SOAK, seed: int = 7) -> list[str]:
    """SIGKILL at many moments: the folder is whole or absent, or the one that was there; --resume gives the bytes."""
    export = ["export_release", "releases", "--view", "pairs", "--view", "judgements", "--format", "jsonl.gz"]
    done = site.run([sys.executable, "-m", "tests.durability.crash", str(folder), str(kills), str(seed), *export])
    assert done.returncode == 0, done.stderr
    undisturbed, *runs = map(json.loads, done.stdout.splitlines())
    expected = timeless(folder / "whole")
    killed = sum(run["killed"] for run in runs)  # the last touches are not the same in every run
    faults = [f"run {run}" for run in runs if (run["code"] and not run["killed"]) or run["resumed"]]
    faults += [f"{killed} of {kills} killed"] if killed < kills * 0.9 else []
    seen = [timeless(folder / "seen" / str(run["point"])) for run in runs]
    faults += [f"partial: {sorted(files)}" for files in seen if files not in ({}, expected)]
    outs = [folder / str(run["point"]) / "release" for run in runs]
    faults += [f"resumed at {out.parent.name}: other bytes" for out in outs if timeless(out) != expected]
    left = [str(path) for out in outs for path in out.parent.iterdir() if path != out]
    left += [str(path) for path in (site.data / "workshops").iterdir()]
    faults += [f"what was killed is still there: {left}"] if left else []
    print(f"{killed} kills among {undisturbed['touches']} touches of the disk, {sum(map(bool, seen))} folders there")
    return faults


def timeless(folder: Path) -> dict[str, bytes]:
    """All files below a release's folder, but for the moment at which it was frozen."""
    files = files_of(folder)
    if "manifest.json" in files:
        files["manifest.json"] = re.sub(rb'"frozen_at": "[^"]+"', b"", files["manifest.json"])
    return files


def files_of(folder: Path) -> dict[str, bytes]:
    """All files below the folder, as somebody finds them who looks."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def wait_for[T](look: Callable[[], T], *, within: float = 60) -> T:
    """What `look` returns as soon as that is something; TimeoutError after a while."""
    deadline = time.monotonic() + within
    while not (found := look()):
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.02)
    return found


def _told(reply: Reply) -> str:
    heading = re.search(r"<h1[^>]*>(.*?)</h1>", reply.body.decode(errors="replace"))
    return f"told {reply.status}{' ' + heading[1] if heading else ''}"


def _hex(value: Any) -> str:
    return uuid.UUID(str(value)).hex
