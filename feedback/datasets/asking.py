"""What a release can be asked to be; anything else is refused with what there is."""

import uuid
from collections.abc import Iterable, Sequence

from feedback.datasets.models import Release
from feedback.datasets.presets import PRESETS, Preset
from feedback.datasets.reading.book import FILES
from feedback.datasets.rows import VIEWS
from feedback.datasets.terms import (
    DEFAULT_PURPOSE,
    LEAVES_FOR,
    MEDIA,
    NO_MEDIA,
    SHOWN,
    SPLITTERS,
    ReleaseRefused,
    Terms,
    newest_criteria,
)
from feedback.studies.models import Study
from feedback.works.models import Work

FORMATS = ("jsonl", "jsonl.gz", "parquet")  # of a view; a preset names its own
DEFAULT_VIEW = "pairs"
MARGINAL = frozenset({"pairs", "pairs_conversational", "pairs_implicit"})  # views that can tell how far works are apart


def terms_for(
    *,
    studies: Iterable[Study],
    views: Sequence[str] = (),
    preset: str = "",
    format: str = "",  # noqa: A002 - the word of the command line, the manifest and the API
    criterion: str | None = None,
    purpose: str = DEFAULT_PURPOSE,
    split: str = SPLITTERS[0],
    min_judgements: int = 1,
    margin: bool = False,
    rationales: bool = False,
    media: str = "",
    since: Release | None = None,
) -> Terms:
    """The terms if they go together; raises ReleaseRefused otherwise. The view is `pairs` unless told."""
    _must_be_one_of("preset", preset, ["", *PRESETS])
    form = PRESETS[preset] if preset else None
    views = tuple(dict.fromkeys(views)) or ((form.view,) if form else (DEFAULT_VIEW,))
    for view in views:
        _must_be_one_of("view", view, VIEWS)
    _must_be_one_of("purpose", purpose, LEAVES_FOR)
    _must_be_one_of("split", split, SPLITTERS)
    _must_be_one_of("choice of media", media, ["", *MEDIA])
    asked = tuple(sorted(set(studies), key=lambda study: study.slug))
    terms = Terms(
        studies=asked,
        views=views,
        preset=preset,
        format=format or (form.formats[0] if form else FORMATS[0]),
        criterion=criterion,
        purpose=purpose,
        split=split,
        min_judgements=min_judgements,
        margin=margin,
        rationales=rationales,
        media=media or _media(views, form),
        since=since,
    )
    _must_fit(terms, form)
    return terms


def study_named(slug: str) -> Study:
    """The study of that slug; raises ReleaseRefused with the slugs there are."""
    study = Study.objects.filter(slug=slug).first()
    if study is None:
        known = Study.objects.order_by("slug").values_list("slug", flat=True)
        raise ReleaseRefused(f"There is no study {slug!r}. {_there_is(known)}")
    return study


def release_named(name: str) -> Release:
    """The stored release of that id; raises ReleaseRefused with the newest there are."""
    stored = Release.objects.stored()
    try:
        release = stored.filter(public_id=uuid.UUID(name)).first()
    except ValueError:
        release = None
    if release is None:
        raise ReleaseRefused(f"There is no release {name!r}. {_there_is(map(str, stored.order_by('-pk')[:20]))}")
    return release


def _media(views: Sequence[str], form: Preset | None) -> str:
    """What the views or the preset need, where nothing is asked for."""
    wants = form.wants if form else frozenset[str]().union(*(VIEWS[view].wants for view in views))
    return SHOWN if FILES in wants else NO_MEDIA


def _must_fit(terms: Terms, form: Preset | None) -> None:
    """Raise ReleaseRefused unless the terms go together."""
    if not terms.studies:
        raise ReleaseRefused("Name at least one study.")
    if terms.criterion:
        slugs = {one.slug: one for study in terms.studies for one in newest_criteria(study)}
        _must_be_one_of("criterion", terms.criterion, slugs)
    if terms.min_judgements < 1:
        raise ReleaseRefused("A row is made of one judgement at least: ask for 1 or more.")
    if form:
        _must_fit_the_preset(terms, form)
    elif terms.format not in FORMATS:
        raise ReleaseRefused(f"A view is not written as {terms.format!r}. {_there_is(FORMATS)}")
    if terms.margin and not MARGINAL.issuperset(terms.views):
        raise ReleaseRefused(f"A margin is of pairs alone: ask for it with {' or '.join(sorted(MARGINAL))}.")
    if terms.rationales and not {"judgements", "marks"} & set(terms.views):
        raise ReleaseRefused("Words belong to single judgements: ask for the view judgements or marks to have them.")
    if terms.since and terms.since.series != terms.series:
        raise ReleaseRefused(
            f"The release {terms.since} holds other rows: --since wants the same studies, views and settings, "
            f"which were {', '.join(terms.since.terms['studies'])} as {terms.since.name}."
        )


def _must_fit_the_preset(terms: Terms, form: Preset) -> None:
    if terms.views != (form.view,):
        raise ReleaseRefused(f"The preset {form.name} is a form of the view {form.view}: leave out the view.")
    if terms.format not in form.formats:
        listed = " or ".join(form.formats)
        raise ReleaseRefused(f"The preset {form.name} is read as {listed}: ask for that format, or for none.")
    if terms.margin and form.margin:
        raise ReleaseRefused(f"The preset {form.name} takes no margin: {form.margin}.")
    works = Work.objects.filter(collection__studies__in=terms.studies)
    media = set(works.values_list("medium", flat=True).distinct())
    if media and not media & form.takes:
        others = [other.name for other in PRESETS.values() if media & other.takes]
        raise ReleaseRefused(
            f"The preset {form.name} takes {' and '.join(sorted(form.takes))} alone, and these works are "
            f"{' and '.join(sorted(media))}: its trainer would train on nothing. Ask for the view pairs_soft"
            f"{' or the preset ' + ' or '.join(others) if others else ''}."
        )


def _must_be_one_of(what: str, value: str, known: Iterable[str]) -> None:
    known = list(known)
    if value not in known:
        raise ReleaseRefused(f"There is no {what} {value!r}. {_there_is(one for one in known if one)}")


def _there_is(known: Iterable[str]) -> str:
    names = list(known)
    listed = ", ".join(names[:20]) + (f" and {len(names) - 20} more" if len(names) > 20 else "")
    return f"There is: {listed}." if names else "There is none yet: import one first."
