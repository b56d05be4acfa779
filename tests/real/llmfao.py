"""A crowd votes on pairs of language models' answers to seven prompts: left, right or tie."""

import csv
import unicodedata
from pathlib import Path

from tests.real.folder import CRITERION, Row, read_rows, write_study

RANKS = {"left": [1, 2], "tie": [1, 1], "right": [2, 1]}


def study_of(data: Path, folder: Path) -> Path:
    """Every answer and every vote. Answers that show nothing were voted on too: they come without content."""
    return write_study(
        folder,
        settings={"slug": "llmfao", "title": "Answers of language models", "overlap": 5},
        criteria={CRITERION: "Which answer is better?"},
        prompts=[
            {"id": str(prompt["prompt_id"]), "text": prompt["text"], "kind": prompt["type"]}
            for prompt in read_rows(data / "text_llmfao" / "prompts.jsonl")
        ],
        works=map(_work, outputs(data)),
        past=map(_past, votes(data)),
    )


def outputs(data: Path) -> list[Row]:
    return read_rows(data / "text_llmfao" / "outputs.jsonl")


def votes(data: Path) -> list[Row]:
    with (data / "text_llmfao" / "comparisons.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def _shows_something(text: str) -> bool:
    """Whether there is a letter, mark, number, sign or symbol in it."""
    return any(unicodedata.category(character)[0] in "LMNPS" for character in text)


def _id(prompt: object, model: object) -> str:
    return f"{prompt}-{model}"


def _work(output: Row) -> Row:
    return {
        "id": _id(output["prompt_id"], output["model_id"]),
        "prompt": str(output["prompt_id"]),
        "generator": output["model"],
        **({"text": output["text"]} if _shows_something(output["text"]) else {"content": "absent"}),
        "licence": "CC-BY-4.0",
        "source": "dustalov/llmfao",
        "purposes": ["show", "export", "train-reward-model"],
        "organisation": output["org"],
    }


def _past(vote: Row) -> Row:
    return {
        "rater": vote["worker"],
        "prompt": vote["prompt_id"],
        "works": [_id(vote["prompt_id"], vote["left_model_id"]), _id(vote["prompt_id"], vote["right_model_id"])],
        "criterion": CRITERION,
        "ranks": RANKS[vote["winner"]],
    }
