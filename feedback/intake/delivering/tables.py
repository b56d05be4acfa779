"""The table in which loose files become works: guessed from their names, corrected by hand."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from feedback.http import SignedIn
from feedback.intake.delivering import actions
from feedback.intake.delivering.actions import Refused
from feedback.intake.delivering.arranging import Row, guess, is_brief, rows_by, told_of
from feedback.intake.delivering.folder import files_of, text_of, without_top
from feedback.intake.delivering.forms import NamingForm, RightsForm, corrected
from feedback.intake.delivering.views import UNPROCESSABLE, delivery_of
from feedback.intake.doors import study_maker
from feedback.intake.models import DeliveredFile, Delivery

EDITABLE = 250  # rows of the table that can be corrected by hand; a form holds only so many fields
BY = {"generator": "a system", "maker": "a person"}


@dataclass(frozen=True)
class Table:
    """What the page shows: how names are read, the rows, the prompts with their texts, and the rights."""

    delivery: Delivery
    naming: NamingForm
    rows: list[Row]
    rights: RightsForm
    prompts: dict[str, str]


@require_http_methods(["GET", "POST"])
@never_cache
@study_maker
def arrange(request: SignedIn, public_id: uuid.UUID) -> HttpResponseBase:
    """Say what each file is; then the worker makes the study of them."""
    mine = delivery_of(request, public_id)
    files = files_of(mine)
    if not files or not mine.is_open:
        return redirect("delivery", public_id)
    names = without_top([file.path for file in files])
    works = [names[file.path] for file in files if not is_brief(file.path)]
    naming, rows = _guessed(request, works)
    if request.method != "POST":
        return _page(request, Table(mine, naming, rows, RightsForm(), _briefs(files, rows)))
    rows = corrected(rows, request.POST.dict())
    prompts = {row.prompt: request.POST.get(f"text.{row.prompt}", "").strip() for row in rows}
    table = Table(mine, naming, rows, RightsForm(request.POST), prompts)
    faults = _faults(rows)
    if faults or not table.rights.is_valid():
        return _page(request, table, faults)
    try:
        _make(request, table, {name: path for path, name in names.items()})
    except Refused as refused:
        return _page(request, table, [str(refused)])
    return redirect("delivery", public_id)


def _make(request: SignedIn, table: Table, paths: Mapping[str, str]) -> None:
    """Keep what the table says, and have the worker make the study."""
    by = "maker" if request.POST.get("by") == "maker" else "generator"
    told = told_of(table.rows, by=by, prompts=table.prompts, rights=table.rights.cleaned_data)
    told["works"] = [row | {"path": paths[row["path"]]} for row in told["works"]]
    actions.arrange(delivery=table.delivery, arranged=told)
    actions.send_to_worker(delivery=table.delivery)


def _guessed(request: SignedIn, works: Sequence[str]) -> tuple[NamingForm, list[Row]]:
    """The rows by the naming that was chosen, or else by the likeliest."""
    best = guess(works)
    said = request.POST if request.method == "POST" else request.GET
    told = {"prompt_by": best.prompt, "maker_by": best.maker}
    told |= {key: said[key] for key in told if key in said}
    form = NamingForm(told)
    return form, rows_by(form.naming if form.is_valid() else best, works)


def _briefs(files: Sequence[DeliveredFile], rows: Sequence[Row]) -> dict[str, str]:
    """The text of each prompt, where a file in its folder says it."""
    names = without_top([file.path for file in files])
    briefs = {names[file.path].rpartition("/")[0]: file for file in files if is_brief(file.path)}
    wanted = {row.prompt: row.path.rpartition("/")[0] for row in rows}
    return {prompt: text_of(briefs[folder]) if folder in briefs else "" for prompt, folder in wanted.items()}


def _faults(rows: Sequence[Row]) -> list[str]:
    kept = [row for row in rows if row.kept]
    if not kept:
        return ["Keep at least one file."]
    return [f"{row.path}: say what it answers, and who made it." for row in kept if not (row.prompt and row.maker)][:20]


def _page(request: SignedIn, table: Table, faults: Sequence[str] = ()) -> HttpResponseBase:
    context = {
        "delivery": table.delivery,
        "naming": table.naming,
        "rows": list(enumerate(table.rows))[:EDITABLE],
        "further": max(0, len(table.rows) - EDITABLE),
        "prompts": list(table.prompts.items())[:EDITABLE],
        "makers": sorted({row.maker for row in table.rows}),
        "rights": table.rights,
        "by": [(value, label, value == request.POST.get("by", "generator")) for value, label in BY.items()],
        "faults": faults,
    }
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(request, "intake/arrange.html", context, status=status)
