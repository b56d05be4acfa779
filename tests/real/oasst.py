"""Sets of assistants' replies in a ranked order, 0 = best."""

from pathlib import Path

from tests.real.folder import CRITERION, Row, read_rows, write_study


def study_of(data: Path, folder: Path) -> Path:
    """A conversation so far is a prompt, those of a tree a group; a reply without a model was written by a person."""
    told = sets(data)
    return write_study(
        folder,
        settings={"slug": "oasst", "title": "Replies of assistants", "form": "set", "set_size": 9, "overlap": 1},
        criteria={CRITERION: "Which reply helps more?"},
        prompts=[
            {"id": prompt, "text": "\n\n".join(one["context"]), "group": one["tree_id"]} for prompt, one in told.items()
        ],
        works=[_work(reply, prompt) for prompt, one in told.items() for reply in one["replies"]],
        past=[
            {
                "rater": "volunteers",
                "prompt": prompt,
                "works": [reply["id"] for reply in one["replies"]],
                "criterion": CRITERION,
                "ranks": [reply["rank"] + 1 for reply in one["replies"]],
            }
            for prompt, one in told.items()
        ],
    )


def sets(data: Path) -> dict[str, Row]:
    """Each set under a name of its own: its tree and how far the conversation had come."""
    rows = read_rows(data / "text_oasst_ranked" / "sets.jsonl")
    return {f"{one['tree_id']}-{number}": one for number, one in enumerate(rows)}


def _work(reply: Row, prompt: str) -> Row:
    return {
        "id": reply["id"],
        "prompt": prompt,
        **({"generator": reply["model"]} if reply["model"] else {"maker": "volunteer"}),
        "text": reply["text"],
        "licence": "Apache-2.0",
        "source": "LAION-AI/Open-Assistant",
        "purposes": ["show", "export", "train-reward-model"],
    }
