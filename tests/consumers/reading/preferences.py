"""TRL's DPOTrainer and KTOTrainer on releases, with a tiny language model and a probe of what it learnt."""

from pathlib import Path

import torch
from datasets import DatasetDict, load_dataset
from transformers import PreTrainedModel
from trl import DPOConfig, DPOTrainer, KTOConfig, KTOTrainer

from tests.consumers.reading.checks import check
from tests.consumers.reading.probe import Probe, Work, probe
from tests.consumers.reading.tiny import language_model, save, tokenizer_of
from tests.consumers.reading.training import CRITERION, arguments, held_out_works, must_beat_chance, texts

EPOCHS, BETA, RATE = 5, 0.1, 2e-3


@check("trl", "DPOTrainer on preset trl")
def of_pairs(folder: Path) -> str:
    return must_beat_chance(train_preferences(load_dataset(str(folder / "trl-jsonl"), CRITERION), folder))


@check("trl", "KTOTrainer on preset kto")
def of_labels(folder: Path) -> str:
    data = load_dataset(str(folder / "kto"), CRITERION)
    assert data["train"].features["label"].dtype == "bool"
    return must_beat_chance(train_labels(data, folder))


@check("trl", "KTOTrainer on preset trl, whose pairs it takes apart")
def of_pairs_taken_apart(folder: Path) -> str:
    return must_beat_chance(train_labels(load_dataset(str(folder / "trl-jsonl"), CRITERION), folder))


def train_preferences(data: DatasetDict, folder: Path) -> Probe:
    """A language model of this release's training split, probed on the prompts of its other splits."""
    return _trained(DPOTrainer, DPOConfig(**arguments(folder, EPOCHS), beta=BETA, learning_rate=RATE), data, folder)


def train_labels(data: DatasetDict, folder: Path) -> Probe:
    """The same of labels."""
    return _trained(KTOTrainer, KTOConfig(**arguments(folder, EPOCHS), beta=BETA, learning_rate=RATE), data, folder)


def _trained(kind: type, args: DPOConfig | KTOConfig, data: DatasetDict, folder: Path) -> Probe:
    tokenizer = tokenizer_of(texts(data))
    before = language_model(tokenizer)
    base = save(before, tokenizer, folder / "language-model")
    trainer = kind(model=str(base), processing_class=tokenizer, args=args, train_dataset=data["train"])
    trainer.train()

    def log_likelihood(model: PreTrainedModel, work: Work) -> float:
        given = len(tokenizer(f"{work.prompt}\n")["input_ids"])
        whole = tokenizer(f"{work.prompt}\n{work.content}{tokenizer.eos_token}", return_tensors="pt")["input_ids"]
        with torch.no_grad():
            told = model(whole).logits[0, :-1].log_softmax(-1)
        return told.gather(1, whole[0, 1:, None])[given - 1 :].sum().item()

    def score(works: list[Work]) -> list[float]:
        """How much likelier each became."""
        return [log_likelihood(trainer.model, work) - log_likelihood(before, work) for work in works]

    return probe(held_out_works(data, folder), score)
