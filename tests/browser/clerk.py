"""A process beside the site that imports and invites on request, so that tests need not wait for a new one each time.

Reads one JSON list of a management command's words per line; answers with what the command prints.
"""

import io
import json
import os
import subprocess
import sys
from typing import IO, cast

from tests.durability.site import ROOT, Site


class Clerk:
    """The tests' end of it."""

    def __init__(self, site: Site) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.browser.clerk"],
            cwd=ROOT,
            env=site.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        site.processes.append(cast("subprocess.Popen[bytes]", self.process))

    def manage(self, *words: str) -> str:
        """What the command prints; it must succeed."""
        asked, answers = cast("IO[str]", self.process.stdin), cast("IO[str]", self.process.stdout)
        asked.write(json.dumps(words) + "\n")
        asked.flush()
        answer = json.loads(answers.readline())
        assert "failed" not in answer, answer["failed"]
        return str(answer["printed"])

    def close(self) -> None:
        """Let it go home."""
        cast("IO[str]", self.process.stdin).close()
        cast("IO[str]", self.process.stdout).close()
        self.process.wait(timeout=30)


def main() -> None:
    import django
    from django.core.management import call_command

    os.environ["DJANGO_SETTINGS_MODULE"] = "feedback.settings"
    django.setup()
    for line in sys.stdin:
        printed = io.StringIO()
        try:
            call_command(*json.loads(line), stdout=printed, stderr=io.StringIO())
            answer = {"printed": printed.getvalue()}
        except Exception as error:  # noqa: BLE001 - whatever it was, the test that asked is told
            answer = {"failed": str(error)}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
