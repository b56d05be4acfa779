"""Studies for each preset with a known truth, and what the preset's rows teach of it."""

from feedback.works.models import Asset, Work
from tests import make
from tests.datasets.loaders import RULES
from tests.datasets.panel import images, judge_all, study_of
from tests.judging.answering import FACTS

PLACES = {"best": 1, "good": 2, "weak": 3}  # the truth of every study here
TEXTS = ["trl", "trl-chat", "openrlhf", "axolotl-bt", "llamafactory", "nemo-rl", "rewardbench", "helpsteer3"]
PICTURES = ["imagereward", "hpdv2", "pickapic"]


def judged_for(preset, *, people, folder):
    """A study whose works the preset can use, judged by people who know the truth."""
    if preset == "kto":
        return _rated(*people)
    works = [make.work(name) for name in PLACES] if preset in TEXTS else images(folder, *PLACES)
    fields = {"form": "set", "set_size": 3} if preset == "imagereward" else {}
    study = study_of(*works, **fields)
    for person in people:
        judge_all(study, person, PLACES)
    return become_films(study) if preset == "videoalign" else study


def _rated(*people):
    study = study_of(*(make.work(name) for name in PLACES), form="rating", set_size=1)
    for person in people:
        make.make_rater(study, person)
        for _ in PLACES:
            given = make.assignment(study, person)
            score = 8.0 - 2 * PLACES[given.comparison.entries.get().work.external_id]
            answer = make.Answer(criterion=study.criteria.get(), score=score)
            make.submit(assignment=given, key=make.uuid.uuid4(), replaces=0, answers=make.Answers(each=[answer]))
    return study


def become_films(study):
    """The study's pictures, as films would have been stored."""
    works = Work.objects.filter(collection__studies=study)
    Asset.objects.filter(work__in=works, role="shown").update(facts=FACTS["video"], media_type="video/webm")
    works.update(medium="video")
    return study


def pairs_in(preset, row, files):
    """What the row teaches: (preferred, other) by the works' names; the consumer's own reading of it."""
    if preset in {"trl", "openrlhf", "axolotl-bt"}:
        return [(named(row["chosen"]), named(row["rejected"]))]
    if preset in {"trl-chat", "rewardbench"}:
        return [(named(row["chosen"][-1]["content"]), named(row["rejected"][-1]["content"]))]
    if preset == "llamafactory":
        return [(named(row["chosen"]["value"]), named(row["rejected"]["value"]))]
    if preset == "nemo-rl":
        ranked = sorted(row["completions"], key=lambda one: one["rank"])
        return [tuple(named(one["completion"][0]["content"]) for one in ranked)]
    if preset == "helpsteer3":
        both = named(row["response1"]), named(row["response2"])
        return [both if row["overall_preference"] < 0 else both[::-1]]
    return _pairs_of_files(preset, row, files)


def _pairs_of_files(preset, row, files):
    if preset == "imagereward":
        ranked = [(files[path], rank) for path, rank in zip(row["generations"], row["ranking"], strict=True)]
        return [(one, other) for one, rank in ranked for other, behind in ranked if rank < behind]
    if preset == "hpdv2":
        first, second = (files[path] for path in row["file_path"])
        return [(first, second) if row["human_preference"] == [1, 0] else (second, first)]
    if preset == "pickapic":
        first, second = files[row["jpg_0"]], files[row["jpg_1"]]
        return [(first, second) if row["label_0"] > row["label_1"] else (second, first)]
    first, second = files[row["path_A"]], files[row["path_B"]]
    return [(first, second) if row["lighting"] == "A" else (second, first)]


def named(text):
    """The work whose text it is."""
    return text.removeprefix("The text of ").removesuffix(".")


def files_of(study):
    """The names of works by the path of what was shown."""
    shown = Asset.objects.filter(work__collection__studies=study, role="shown").select_related("work")
    suffix = {"image": "webp", "video": "webm", "text": "txt"}
    return {f"media/{one.sha256}.{suffix[one.work.medium]}": one.work.external_id for one in shown}


def faults(preset, row):
    """What the consumer's loader would find wrong."""
    return list(RULES[preset](row, *(["lighting"] if preset == "videoalign" else [])))
