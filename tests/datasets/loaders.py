"""What each consumer's own loader wants of a row, told anew: every fault is a line; the versions are those read.

TRL 1.16.0, OpenRLHF 3c3be62, axolotl 0.18.0, LLaMA-Factory ff6d4d1, NeMo RL 7ea279a, RewardBench 0.1.4,
ImageReward c1392c6, HPSv2 866735e, PickScore f79607f, VideoAlign 219ab9d, HelpSteer3 as NeMo RL reads it.
"""

from collections.abc import Callable, Iterator
from typing import Any

type Row = dict[str, Any]
type Faults = Iterator[str]
TRL_VISION = {"image", "images", "videos", "pixel_values"}


def _only(row: Row, *names: str) -> Faults:
    if list(row) != list(names):
        yield f"columns are {list(row)}, not {list(names)}"


def _words(row: Row, *names: str, blank: bool = False) -> Faults:
    for name in names:
        value = row.get(name)
        if not isinstance(value, str):
            yield f"{name} is {type(value).__name__}"
        elif not blank and not value:
            yield f"{name} is empty"


def _differ(one: Any, other: Any) -> Faults:
    if one == other:
        yield "chosen and rejected are the same"


def _messages(row: Row, name: str, *roles: str) -> Faults:
    told = row.get(name)
    if not isinstance(told, list):
        yield f"{name} is {type(told).__name__}"
        return
    if [one.get("role") for one in told] != list(roles):
        yield f"{name} has not the roles {roles}"
    for one in told:
        if set(one) != {"role", "content"}:
            yield f"{name} has keys {set(one)}"
        yield from _words(one, "content")


def _margin(row: Row) -> Faults:
    if "margin" in row and not (isinstance(row["margin"], float) and row["margin"] == row["margin"]):
        yield "margin must be a number in every row"


def _trl_columns(row: Row) -> Faults:
    """Vision columns switch DPOTrainer to images; a null in chat_template_kwargs is a TypeError."""
    for name in TRL_VISION | {"chat_template_kwargs", "tools", "messages"}:
        if name in row:
            yield f"{name} would be taken for more than a column"


def trl(row: Row) -> Faults:
    yield from _words(row, "prompt", "chosen", "rejected")
    yield from _differ(row["chosen"], row["rejected"])
    if isinstance(row["prompt"], str) and not row["prompt"][-1:].isspace():
        yield "the prompt runs into the completion"
    yield from _margin(row)
    yield from _trl_columns(row)


def trl_chat(row: Row) -> Faults:
    yield from _messages(row, "prompt", "user")
    for name in ("chosen", "rejected"):
        yield from _messages(row, name, "assistant")
    yield from _differ(row["chosen"], row["rejected"])
    if "margin" in row:
        yield "DPOTrainer knows no margin"
    yield from _trl_columns(row)


def kto(row: Row) -> Faults:
    yield from _only(row, "prompt", "completion", "label")
    yield from _words(row, "prompt", "completion")
    if not isinstance(row.get("label"), bool):
        yield "label is no bool"


def openrlhf(row: Row) -> Faults:
    yield from _only(row, "prompt", "chosen", "rejected", *(["margin"] if "margin" in row else []))
    yield from _words(row, "prompt", "chosen", "rejected")
    yield from _differ(row["chosen"], row["rejected"])
    yield from _margin(row)


def axolotl_bt(row: Row) -> Faults:
    """`system` is looked up by index; one turn each."""
    yield from _only(row, "system", "input", "chosen", "rejected")
    yield from _words(row, "system", blank=True)
    yield from _words(row, "input", "chosen", "rejected")
    yield from _differ(row["chosen"], row["rejected"])


def llamafactory(row: Row) -> Faults:
    """Odd numbers of messages when ranking, roles by tag; placeholders are counted against files there are none of."""
    yield from _only(row, "conversations", "chosen", "rejected")
    told = row["conversations"]
    if len(told) % 2 == 0 or [one["from"] for one in told] != ["human"] * len(told):
        yield "conversations do not end with the human"
    for one in (*told, row["chosen"], row["rejected"]):
        if not isinstance(one, dict) or set(one) != {"from", "value"}:
            yield "a message is no pair of from and value"
            return
        yield from _words(one, "value")
        for placeholder in ("<image>", "<video>", "<audio>"):
            if placeholder in str(one["value"]):
                yield f"{placeholder} without a file"
    if {row["chosen"]["from"], row["rejected"]["from"]} != {"gpt"}:
        yield "chosen and rejected are not said by gpt"
    yield from _differ(row["chosen"], row["rejected"])


def nemo_rl(row: Row) -> Faults:
    """Exactly two completions of different ranks; the lower wins."""
    yield from _only(row, "context", "completions")
    yield from _messages(row, "context", "user")
    if len(row["completions"]) != 2:
        yield "only two completions are supported"
        return
    ranks = [one["rank"] for one in row["completions"]]
    if len(set(ranks)) != len(ranks) or not all(type(rank) is int for rank in ranks):
        yield "equal ranks are not supported"
    for one in row["completions"]:
        yield from _messages(one, "completion", "assistant")
    yield from _differ(*(one["completion"] for one in row["completions"]))


def rewardbench(row: Row) -> Faults:
    """The prompt is what stands before the last message of `chosen`; both must share it."""
    yield from _only(row, "prompt", "chosen", "rejected")
    yield from _words(row, "prompt")
    for name in ("chosen", "rejected"):
        yield from _messages(row, name, "user", "assistant")
    if row["chosen"][:-1] != row["rejected"][:-1]:
        yield "the two conversations answer different prompts"
    yield from _differ(row["chosen"], row["rejected"])


def _paths(paths: Any, suffix: str = "") -> Faults:
    for path in paths if isinstance(paths, list) else [paths]:
        if not isinstance(path, str) or not path.startswith("media/") or not path.endswith(suffix):
            yield f"{path!r} names no file of the release"


def imagereward(row: Row) -> Faults:
    yield from _only(row, "id", "prompt", "generations", "ranking")
    yield from _words(row, "id", "prompt")
    yield from _paths(row["generations"], ".webp")
    if len(row["generations"]) != len(row["ranking"]) or len(row["ranking"]) < 2:
        yield "generations and ranking do not go together"
    if not all(type(rank) is int and rank >= 1 for rank in row["ranking"]):
        yield "ranking holds more than ranks"


def hpdv2(row: Row) -> Faults:
    yield from _only(row, "human_preference", "prompt", "file_path")
    yield from _words(row, "prompt")
    yield from _paths(row["file_path"], ".webp")
    if sorted(row["human_preference"]) != [0, 1] or not all(type(one) is int for one in row["human_preference"]):
        yield "one of two works must be preferred"
    if len(row["file_path"]) != 2:
        yield "not two files"


def pickapic(row: Row) -> Faults:
    """Labels are cast to tensors and the loss weighs by the prompt's examples: all must be numbers."""
    names = ("caption", "jpg_0", "jpg_1", "label_0", "label_1", "are_different", "has_label", "best_image_uid")
    yield from _only(row, *names, "image_0_uid", "image_1_uid", "num_example_per_prompt")
    yield from _words(row, "caption", "best_image_uid", "image_0_uid", "image_1_uid")
    yield from _paths([row["jpg_0"], row["jpg_1"]], ".webp")
    labels = row["label_0"], row["label_1"]
    if not all(isinstance(label, float) for label in labels) or abs(sum(labels) - 1) > 1e-6:
        yield "labels do not add up to one"
    if row["has_label"] is not True or not isinstance(row["are_different"], bool):
        yield "a flag is no bool"
    best = {True: row["image_0_uid"], False: row["image_1_uid"]}[labels[0] > labels[1]]
    if row["best_image_uid"] != ("tie" if labels[0] == labels[1] else best):
        yield "the best image is not the one with the greater label"
    if type(row["num_example_per_prompt"]) is not int or row["num_example_per_prompt"] < 1:
        yield "the loss is divided by the number of examples"


def videoalign(row: Row, *criteria: str) -> Faults:
    fixed = ("path_A", "path_B", "prompt", "fps_A", "num_frames_A", "fps_B", "num_frames_B")
    yield from _only(row, *fixed, *criteria)
    yield from _words(row, "prompt")
    yield from _paths([row["path_A"], row["path_B"]], ".webm")
    for side in ("A", "B"):
        if type(row[f"num_frames_{side}"]) is not int or not isinstance(row[f"fps_{side}"], float):
            yield "frames are not counted"
    for criterion in criteria:
        if row.get(criterion) not in {"A", "B", "same", "invalid"}:
            yield f"{criterion} is no verdict"


def helpsteer3(row: Row) -> Faults:
    names = ("domain", "language", "context", "response1", "response2", "overall_preference", "individual_preference")
    yield from _only(row, *names)
    yield from _messages(row, "context", "user")
    yield from _words(row, "response1", "response2")
    singles = [one["score"] for one in row["individual_preference"]]
    for score in (row["overall_preference"], *singles):
        if type(score) is not int or not -3 <= score <= 3:
            yield f"{score!r} is no preference"
    total = sum(singles)
    if (total > 0) - (total < 0) != (row["overall_preference"] > 0) - (row["overall_preference"] < 0):
        yield "overall and single preferences disagree"
    for one in row["individual_preference"]:
        if list(one) != ["score", "reasoning", "feedback1", "feedback2"] or not isinstance(one["reasoning"], str):
            yield "a single preference is not whole"


RULES: dict[str, Callable[..., Faults]] = {
    "trl": trl,
    "trl-chat": trl_chat,
    "kto": kto,
    "openrlhf": openrlhf,
    "axolotl-bt": axolotl_bt,
    "llamafactory": llamafactory,
    "nemo-rl": nemo_rl,
    "rewardbench": rewardbench,
    "imagereward": imagereward,
    "hpdv2": hpdv2,
    "pickapic": pickapic,
    "videoalign": videoalign,
    "helpsteer3": helpsteer3,
}
