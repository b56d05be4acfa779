"""What a kill -9 leaves behind, of the server, of the worker and of an export."""

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
