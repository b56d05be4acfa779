"""A Chromium for the browser tests: the system's, else the driver's own download, else the distribution's package."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Without these, each start looks for servers that no test needs.
FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--disable-gpu",
    "--use-gl=angle",  # 3D works are drawn without a graphics card
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]


def chromium() -> str:
    """The path of a browser that starts; installs one if there is none."""
    for find in (_of_system, _of_driver, _of_distribution):
        path = find()
        if path:
            return path
    raise RuntimeError("No Chromium: install the package `chromium`, or name one with CHROMIUM=/path/to/chromium.")


def _of_system() -> str | None:
    named = os.environ.get("CHROMIUM")
    return named or next(filter(None, map(shutil.which, NAMES)), None)


def _of_driver() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    if not os.path.exists(path):  # noqa: PTH110 - a plain string from the driver
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    return path if os.path.exists(path) else None  # noqa: PTH110 - as above


def _of_distribution() -> str | None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    subprocess.run(["apt-get", "update", "-qq"], check=False)
    subprocess.run(
        ["apt-get", "install", "-y", "-qq", "chromium"],
        check=False,
        env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
    )
    return _of_system()


def launch_arguments() -> list[str]:
    """The flags to start it with; root has no sandbox."""
    return [*FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
