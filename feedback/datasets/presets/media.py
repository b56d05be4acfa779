"""Presets for trainers that look at pictures and films."""

from collections.abc import Iterator

from feedback.datasets.columns import INTEGERS, STRINGS, Column
from feedback.datasets.presets.preset import IMAGE, VIDEO, Preset, Values
from feedback.datasets.reading.book import FILES, slugs_of
from feedback.datasets.reasons import TIED
from feedback.datasets.rows import wide
from feedback.datasets.terms import Terms

PROMPT = Column("prompt", "string", "what the works answer")


def _prompt(values: Values) -> str:
    prompt: str = values["prompt"]
    return prompt.removesuffix("\n")


def _generations_columns(_terms: Terms) -> tuple[Column, ...]:
    return (
        Column("id", "string", "the answer's judgement_id"),
        PROMPT,
        Column("generations", STRINGS, "the files of the works", file="path"),
        Column("ranking", INTEGERS, "aligned with `generations`; lower is better, equal ranks are skipped"),
    )


def _generations(values: Values) -> Iterator[Values]:
    yield {
        "id": values["judgement_id"],
        "prompt": _prompt(values),
        "generations": [work["file"] for work in values["works"]],
        "ranking": values["ranking"],
    }


def _preference_columns(_terms: Terms) -> tuple[Column, ...]:
    return (
        Column("human_preference", INTEGERS, "aligned with `file_path`: 1 for the work preferred, 0 for the other"),
        PROMPT,
        Column("file_path", STRINGS, "the files of the works", file="path"),
    )


def _preference(values: Values) -> Iterator[Values]:
    ahead = values["n_0"] > values["n_1"]
    yield {
        "human_preference": [int(ahead), int(not ahead)],
        "prompt": _prompt(values),
        "file_path": [values["media_0"], values["media_1"]],
    }


def _even(values: Values) -> str:
    return TIED if values["n_0"] == values["n_1"] else ""


def _pickapic_columns(_terms: Terms) -> tuple[Column, ...]:
    return (
        Column("caption", "string", PROMPT.says),
        Column("jpg_0", "binary", "the file of one work", file="bytes"),
        Column("jpg_1", "binary", "the file of the other", file="bytes"),
        Column("label_0", "float64", "the share of judgements for the first, a tie counting half"),
        Column("label_1", "float64", "the share for the second"),
        Column("are_different", "bool", "whether the files differ"),
        Column("has_label", "bool", "always: every pair was judged"),
        Column("best_image_uid", "string", "the work with the greater share, or tie"),
        Column("image_0_uid", "string", "the first work's id"),
        Column("image_1_uid", "string", "the second work's id"),
        Column("num_example_per_prompt", "int64", "how many pairs the prompt has; weigh each by its inverse"),
    )


def _pickapic(values: Values) -> Iterator[Values]:
    first, second = values["label_0"], values["label_1"]
    best = "tie" if first == second else values["work_0"] if first > second else values["work_1"]
    yield {
        "caption": _prompt(values),
        "jpg_0": values["media_0"],
        "jpg_1": values["media_1"],
        "label_0": first,
        "label_1": second,
        "are_different": values["media_0"] != values["media_1"],
        "has_label": True,
        "best_image_uid": best,
        "image_0_uid": values["work_0"],
        "image_1_uid": values["work_1"],
        "num_example_per_prompt": values["num_example_per_prompt"],
    }


FILMS = (
    Column("path_A", "string", "the film A", file="path"),
    Column("path_B", "string", "the film B", file="path"),
    PROMPT,
    Column("fps_A", "float64", "frames a second of A"),
    Column("num_frames_A", "int64", "how many frames A has"),
    Column("fps_B", "float64", "frames a second of B"),
    Column("num_frames_B", "int64", "how many frames B has"),
)


def _films_columns(terms: Terms) -> tuple[Column, ...]:
    verdict = "A, B, same, or invalid where nobody could judge or was asked"
    return (*FILMS, *(Column(_apart(wide.column_of(slug)), "string", verdict) for slug in slugs_of(terms)))


def _apart(name: str) -> str:
    """A criterion's column, which must not take the place of another."""
    return f"criterion-{name}" if name in {column.name for column in FILMS} else name


def _films(values: Values) -> Iterator[Values]:
    verdicts = {_apart(name): value for name, value in values.items() if name not in wide.NAMES}
    yield {
        "path_A": values["media_A"],
        "path_B": values["media_B"],
        "prompt": _prompt(values),
        **{f"{name}_{side}": values[f"{name}_{side}"] for side in ("A", "B") for name in ("fps", "num_frames")},
        **verdicts,
    }


PRESETS = (
    Preset(
        name="imagereward",
        view="rankings",
        says="ImageReward: a list of files with their ranks, one row for each answer",
        columns=_generations_columns,
        turn=_generations,
        takes=IMAGE,
        formats=("json",),
        wants=frozenset({FILES}),
    ),
    Preset(
        name="hpdv2",
        view="pairs_soft",
        says="HPSv2: two files and which of them is preferred; pairs that end even stay out",
        columns=_preference_columns,
        turn=_preference,
        takes=IMAGE,
        stays=_even,
        formats=("json",),
        wants=frozenset({FILES}),
    ),
    Preset(
        name="pickapic",
        view="pairs_soft",
        says="PickScore: both pictures' bytes with soft labels",
        columns=_pickapic_columns,
        turn=_pickapic,
        takes=IMAGE,
        formats=("parquet",),
        wants=frozenset({FILES}),
    ),
    Preset(
        name="videoalign",
        view="pairs_ab",
        says="VideoAlign: two films and a column for each criterion",
        columns=_films_columns,
        turn=_films,
        takes=VIDEO,
        formats=("csv",),
        wants=frozenset({FILES}),
        margin="it takes mean opinion scores, and pairs have none",
    ),
)
