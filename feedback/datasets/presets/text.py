"""Presets for trainers that read texts in pairs, and for the one that reads them singly."""

from collections.abc import Iterator

from feedback.datasets.columns import MESSAGES, Column
from feedback.datasets.presets.preset import TEXT, Preset, Values
from feedback.datasets.rows import pairs
from feedback.datasets.rows.messages import IMPLICIT, asked, conversational, implicit, message
from feedback.datasets.terms import Terms

PROMPT = Column("prompt", "string", "what the works answer; ends in a newline, so that a work can follow it")
CHOSEN = Column("chosen", "string", "the text that more raters put ahead")
REJECTED = Column("rejected", "string", "the other text")
MARGIN = pairs.MARGINS[:1]
PLACEHOLDERS = ("<image>", "<video>", "<audio>")
NOT_WORDS = "its words hold <image>, <video> or <audio>, which the consumer takes for files"


def _chat(values: Values) -> Iterator[Values]:
    yield conversational(values)


def _plain(values: Values) -> Iterator[Values]:
    yield values


def _flat_columns(terms: Terms) -> tuple[Column, ...]:
    return (PROMPT, CHOSEN, REJECTED, *(MARGIN if terms.margin else ()))


def _flat(values: Values) -> Iterator[Values]:
    yield {name: values[name] for name in ("prompt", "chosen", "rejected", "margin") if name in values}


def _bradley_terry_columns(_terms: Terms) -> tuple[Column, ...]:
    return (
        Column("system", "string", "always empty: the consumer looks it up"),
        Column("input", "string", "what the works answer"),
        CHOSEN,
        REJECTED,
    )


def _bradley_terry(values: Values) -> Iterator[Values]:
    prompt = values["prompt"].removesuffix("\n")
    yield {"system": "", "input": prompt, "chosen": values["chosen"], "rejected": values["rejected"]}


SAID = [{"name": "from", "dtype": "string"}, {"name": "value", "dtype": "string"}]


def _sharegpt_columns(_terms: Terms) -> tuple[Column, ...]:
    return (
        Column("conversations", {"list": SAID}, "what the works answer, as a human said it"),
        Column("chosen", {"struct": SAID}, CHOSEN.says),
        Column("rejected", {"struct": SAID}, REJECTED.says),
    )


def _sharegpt(values: Values) -> Iterator[Values]:
    yield {
        "conversations": [{"from": "human", "value": values["prompt"].removesuffix("\n")}],
        "chosen": {"from": "gpt", "value": values["chosen"]},
        "rejected": {"from": "gpt", "value": values["rejected"]},
    }


def _names_files(values: Values) -> str:
    """The consumer counts placeholders in all words against the files that came with them."""
    words = (values[name] for name in ("prompt", "chosen", "rejected"))
    return NOT_WORDS if any(placeholder in text for text in words for placeholder in PLACEHOLDERS) else ""


def _ranked_columns(_terms: Terms) -> tuple[Column, ...]:
    completion = [{"name": "rank", "dtype": "int64"}, {"name": "completion", **MESSAGES}]
    return (
        Column("context", MESSAGES, "what the works answer, as one message of the user"),
        Column("completions", {"list": completion}, "both texts; rank 0 is the one that more raters put ahead"),
    )


def _ranked(values: Values) -> Iterator[Values]:
    yield {
        "context": [asked(values["prompt"])],
        "completions": [
            {"rank": rank, "completion": [message("assistant", values[name])]}
            for rank, name in enumerate(("chosen", "rejected"))
        ],
    }


def _whole_columns(_terms: Terms) -> tuple[Column, ...]:
    return (Column("prompt", "string", "what the works answer"), IMPLICIT["chosen"], IMPLICIT["rejected"])


def _whole(values: Values) -> Iterator[Values]:
    told = implicit(values)
    yield {"prompt": values["prompt"].removesuffix("\n"), "chosen": told["chosen"], "rejected": told["rejected"]}


def _labelled_columns(_terms: Terms) -> tuple[Column, ...]:
    return (
        PROMPT,
        Column("completion", "string", "the text"),
        Column("label", "bool", "whether more raters found it good than not"),
    )


def _labelled(values: Values) -> Iterator[Values]:
    yield {name: values[name] for name in ("prompt", "completion", "label")}


# What TRL's trainers would act upon: pictures of the prompt, arguments of the chat template, other forms of a row.
TRL = frozenset({"image", "images", "videos", "chat_template_kwargs", "tools", "messages", "completion", "label"})
PRESETS = (
    Preset(
        name="trl",
        view="pairs",
        says="TRL's RewardTrainer and DPOTrainer: prompt, chosen and rejected as strings",
        columns=pairs.columns,
        turn=_plain,
        takes=TEXT,
        reserved=TRL,
        margin="",
    ),
    Preset(
        name="trl-chat",
        view="pairs",
        says="TRL with a chat template: prompt, chosen and rejected as messages",
        columns=pairs.conversational_columns,
        turn=_chat,
        takes=TEXT,
        reserved=TRL,
        margin="its DPOTrainer has none, and its RewardTrainer would change its loss by it. Ask for the preset trl",
    ),
    Preset(
        name="kto",
        view="unpaired",
        says="TRL's KTOTrainer: prompt, completion and a label, from scores and flags",
        columns=_labelled_columns,
        turn=_labelled,
        takes=TEXT,
        reserved=TRL - {"completion", "label"},
        margin="a label is of one work. Ask for the preset trl",
    ),
    Preset(
        name="openrlhf",
        view="pairs",
        says="OpenRLHF: prompt, chosen and rejected as strings, by its --data.*_key",
        columns=_flat_columns,
        turn=_flat,
        takes=TEXT,
        margin="",
    ),
    Preset(
        name="axolotl-bt",
        view="pairs",
        says="axolotl's bradley_terry.chat_template: system, input, chosen and rejected",
        columns=_bradley_terry_columns,
        turn=_bradley_terry,
        takes=TEXT,
    ),
    Preset(
        name="llamafactory",
        view="pairs",
        says="LLaMA-Factory: conversations as ShareGPT has them, ranked; the dataset_info.json comes with it",
        columns=_sharegpt_columns,
        turn=_sharegpt,
        takes=TEXT,
        stays=_names_files,
        reserved=frozenset({"images", "videos", "audios", "system", "tools", "kto_tag"}),
    ),
    Preset(
        name="nemo-rl",
        view="pairs",
        says="NeMo RL: a context and two completions by rank",
        columns=_ranked_columns,
        turn=_ranked,
        takes=TEXT,
        reserved=frozenset({"task_name"}),
    ),
    Preset(
        name="rewardbench",
        view="pairs",
        says="RewardBench: the prompt, and both whole conversations",
        columns=_whole_columns,
        turn=_whole,
        takes=TEXT,
        reserved=frozenset({"messages", "question", "input", "text_chosen", "text_rejected"}),
    ),
)
