"""TRL's RewardTrainer on releases, with a tiny model made on the spot and a probe of what it learnt."""

from pathlib import Path

import torch
from datasets import DatasetDict, load_dataset
from transformers import PreTrainedModel, PreTrainedTokenizerBase
from trl import RewardConfig, RewardTrainer

from tests.consumers.reading.checks import check
from tests.consumers.reading.probe import Probe, Work, probe
from tests.consumers.reading.tiny import reward_model, tokenizer_of
from tests.consumers.reading.training import CRITERION, arguments, held_out_works, must_beat_chance, texts

EPOCHS = 5


@check("trl", "RewardTrainer on preset trl")
def of_texts(folder: Path) -> str:
    return must_beat_chance(train_rewards(load_dataset(str(folder / "trl-jsonl"), CRITERION), folder))


@check("trl", "RewardTrainer on preset trl-chat")
def of_messages(folder: Path) -> str:
    return must_beat_chance(train_rewards(load_dataset(str(folder / "trl-chat"), CRITERION), folder))


@check("trl", "RewardTrainer on preset trl with --margin bt")
def with_margin(folder: Path) -> str:
    data = load_dataset(str(folder / "trl-margin"), CRITERION)
    assert data["train"].features["margin"].dtype == "float64"
    return must_beat_chance(train_rewards(data, folder))


def train_rewards(data: DatasetDict, folder: Path) -> Probe:
    """A reward model of this release's training split, probed on the prompts of its other splits."""
    tokenizer = tokenizer_of(texts(data))
    model = reward_model(tokenizer)
    args = RewardConfig(**arguments(folder, EPOCHS), learning_rate=3e-3)
    RewardTrainer(model=model, processing_class=tokenizer, args=args, train_dataset=data["train"]).train()
    return probe_rewards(model, tokenizer, held_out_works(data, folder))


def probe_rewards(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, groups: list[list[Work]]) -> Probe:
    def score(works: list[Work]) -> list[float]:
        written = [f"{work.prompt}\n{work.content}{tokenizer.eos_token}" for work in works]
        batch = tokenizer(written, padding=True, return_tensors="pt")
        with torch.no_grad():
            logits = model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).logits
        return logits[:, 0].tolist()

    return probe(groups, score)
