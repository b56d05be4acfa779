"""The works that were judged: what they are, who made them, and on what ground they may be used."""

import json
from typing import Any

from feedback.datasets.columns import PROMPT_ID, STRINGS, Column
from feedback.datasets.lines import DECIMALS
from feedback.datasets.reading.book import RIGHTS, TEXTS, Book
from feedback.datasets.reading.chapters import Chapter, Content, Rights
from feedback.datasets.reasons import NOT_CLEARED
from feedback.datasets.rows.naming import files_of, frames_a_second, work_shown
from feedback.datasets.rows.tally import Tally
from feedback.datasets.rows.view import Row, Rows, View
from feedback.datasets.terms import Terms

COLUMNS = (
    Column("work", "string", "the work's own id"),
    PROMPT_ID,
    Column("group", "string", "prompts of a group are in one split"),
    Column("prompt", "string", "what it answers, as it was shown"),
    Column("medium", "string", "text, image, motion, video, audio, model, or absent"),
    Column("sha256", "string", "of the original"),
    Column("text", "string", "as it was shown, if it is a text"),
    Column("file", "string", "what was shown, if it is none and the release holds files", file="path"),
    Column("media_type", "string", "of what was shown"),
    Column("bytes", "int64", "of what was shown"),
    Column("width", "int64", "of what was shown, in pixels"),
    Column("height", "int64", "of what was shown, in pixels"),
    Column("duration", "float64", "in seconds"),
    Column("fps", "float64", "frames a second"),
    Column("num_frames", "int64", "how many frames"),
    Column("generator", "string", "the system that made it"),
    Column("generator_version", "string", "which of its versions"),
    Column("maker", "string", "the person that made it, as the licence wants it named"),
    Column("metadata", "string", "what came with it, as JSON"),
    Column("licence", "string", "an SPDX expression or LicenseRef-…"),
    Column("consent", "string", "the ground on which it may be used, if it is no licence"),
    Column("source", "string", "where it is from"),
    Column("purposes", STRINGS, "what it may be used for"),
)
NO_FACTS = dict.fromkeys(("media_type", "bytes", "width", "height", "duration", "fps", "num_frames"))


def columns(_terms: Terms) -> tuple[Column, ...]:
    return COLUMNS


def rows(book: Book, chapter: Chapter, tally: Tally) -> Rows:
    """One row for each work that was judged and may leave; of several studies the first tells it."""
    for told in chapter.judgements:
        tally.meet(told)
        tally.uses(told)
    judged = {work for told in chapter.judgements for work in chapter.comparisons[told.comparison][1]}
    written = False
    for work in sorted(judged - tally.works, key=lambda one: book.works.known[one].external):
        known = book.works.known[work]
        if not known.cleared:
            tally.pairs_left[NOT_CLEARED] += 1
            continue
        written = True
        tally.holds([work], files_of(chapter, [work]))
        yield Row("works", "", chapter.split, _values(book, chapter, work), (work,))
    tally.prompts[chapter.split] += written


def _values(book: Book, chapter: Chapter, work: int) -> dict[str, Any]:
    shown, content = work_shown(book, chapter, work), chapter.contents.get(work)
    return {
        "work": shown["work"],
        "prompt_id": chapter.id,
        "group": chapter.group or None,
        "prompt": chapter.text,
        **{name: shown[name] for name in ("medium", "sha256", "text", "file")},
        **(_facts(content) if content else NO_FACTS),
        **_provenance(chapter.rights[work]),
    }


def _facts(content: Content) -> dict[str, Any]:
    """What a reader wants to know of a file before opening it."""
    duration, frames = content.facts.get("duration"), content.facts.get("frames")
    return {
        "media_type": content.media_type,
        "bytes": content.bytes,
        "width": content.width,
        "height": content.height,
        "duration": round(float(duration), DECIMALS) if duration is not None else None,
        "fps": frames_a_second(content),
        "num_frames": frames,
    }


def _provenance(rights: Rights) -> dict[str, Any]:
    may = {
        "train-reward-model": rights.may_train_reward_model,
        "train-generator": rights.may_train_generator,
        "commercial": rights.may_commercial,
    }
    return {
        "generator": rights.generator,
        "generator_version": rights.generator_version or None,
        "maker": rights.maker or None,
        "metadata": canonical(rights.metadata) if rights.metadata else None,
        "licence": rights.licence or None,
        "consent": rights.consent or None,
        "source": rights.source or None,
        "purposes": ["export", *(purpose for purpose, granted in may.items() if granted)],
    }


def canonical(value: Any) -> str:
    """As JSON that is the same whatever database kept the value: one may sort keys and drop the fraction of 1.0."""
    return json.dumps(_whole(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _whole(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _whole(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_whole(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


VIEW = View(
    name="works",
    says="the works that were judged, who made them, and on what ground they may be used",
    key="work",
    columns=columns,
    rows=rows,
    wants=frozenset({TEXTS, RIGHTS}),
)
