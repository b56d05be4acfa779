"""What a kill -9 leaves behind, of the server, of the worker and of an export."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.durability import checks
from tests.durability.site import tampered

pytestmark = pytest.mark.xdist_group("durability")


def test_a_killed_server_loses_no_acknowledged_judgement_and_stores_none_twice(cast):
    site = cast()
    site.start()

    assert checks.killed_server(site) == []


def test_a_fit_is_made_although_the_worker_was_killed_before_and_during_it(cast):
    site = cast()

    assert checks.killed_worker(site, slow=tampered("fit_slowly"), afterwards={}) == []


def test_a_killed_export_leaves_no_partial_file_and_the_next_run_gives_the_same_bytes(cast, tmp_path):
    site = cast()
    (tmp_path / "out").mkdir()

    assert checks.killed_export(site, tmp_path / "out") == []


def test_undo_brings_the_export_back_to_its_earlier_bytes(cast):
    site = cast()
    site.start()
    site.spawn(site.command("work"))

    assert checks.undone(site) == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent was killed")
def test_a_killed_run_takes_the_server_and_the_worker_with_it(cast):
    site = cast()
    both = site.spawn(site.command("run", "--quiet"))
    checks.wait_for(lambda: "Salon is open" in site.log.read_text())
    children = _children(both)
    assert len(children) >= 2

    both.kill()

    checks.wait_for(lambda: not any(map(_lives, children)))


def _children(of: "subprocess.Popen[bytes]") -> list[Path]:
    """The processes that it has started, and those that they have, as folders of /proc."""
    told = [Path(f"/proc/{of.pid}/task/{of.pid}/children").read_text().split()]
    told += [Path(f"/proc/{pid}/task/{pid}/children").read_text().split() for pid in told[0]]
    return [Path(f"/proc/{pid}") for pids in told for pid in pids]


def _lives(process: Path) -> bool:
    try:
        return ") Z " not in (process / "stat").read_text()
    except OSError:
        return False
