"""A report as it is stored, made up: nine raters, seven generators, three criteria; lighting is done, the arc is taste."""

import math
from copy import deepcopy
from typing import Any

from feedback.results.dashboard.facts import Facts, Names, facts_of

MACHINE = 10  # a rater beside the nine
MAKERS = ("Kodiak 3", "Aurora v5", "Lumen XL", "Tableau 2", "Vellum", "Opaline 1", "Sketchbox")
RATERS = ("Ana", "Ben", "Cleo", "Dov", "Edda", "Finn", "Gus", "Hana", "Ivo")
CRITERIA = {"lighting": "Lighting", "narrative-arc": "Narrative arc", "emotional-resonance": "Emotional resonance"}
STRENGTHS = (1.32, 1.18, 0.61, 0.02, -0.33, -0.94, -1.61)
TIED = ((1, 2), (1, 2), (3, 3), (4, 5), (4, 5), (6, 6), (7, 7))  # first and last place
NAMES = Names(
    criteria=CRITERIA | {"overall": "Overall"},
    generators=dict(enumerate(MAKERS, start=1)),
    raters=dict(enumerate(RATERS, start=1)),
)


def board(strengths: tuple[float, ...] = STRENGTHS, half: float = 0.33) -> dict[str, Any]:
    """A leaderboard of one part, best first."""
    return {
        "rows": [
            {
                "id": number,
                "value": value,
                "se": half / 2.6,
                "low": value - half,
                "high": value + half,
                "group": list(tied),
                "rank": list(tied),
                "judgements": 1082,
                "component": 0,
                "net": value - 0.04 * number,
                "acceptable": 0.9 - 0.1 * number,
            }
            for number, value, tied in zip(range(1, 8), strengths, TIED, strict=False)
        ],
        "beats": [[None if a is b else 1 / (1 + math.exp(b - a)) for b in strengths] for a in strengths],
        "line": {"value": -0.62, "low": -0.8, "high": -0.44},
        "simultaneous": True,
        "sentence_facts": {},
    }


def _agreement(one: int, other: int) -> float | None:
    if one == other:
        return None
    if 7 in {one, other}:
        return 0.51
    return 0.77 if (one <= 5) == (other <= 5) else 0.58


def machine() -> dict[str, Any]:
    """A machine that falls behind the experts, leans to what is long, and whose strength says what it should."""
    return {
        "rater": MACHINE,
        "judged": 400,
        "shared": 310,
        "why": "",
        "agreement": {"value": 0.64, "low": 0.6, "high": 0.68, "n": 310},
        "experts": {"value": 0.7, "low": 0.67, "high": 0.73, "n": 310},
        "behind": {"value": -0.06, "low": -0.09, "high": -0.03, "n": 310},
        "bias": {
            "side": {"value": 0.05, "low": -0.01, "high": 0.11, "n": 310},
            "leanings": [
                {"name": "length", "value": 0.12, "low": 0.06, "high": 0.18, "n": 310},
                {"name": "loudness", "value": 0.01, "low": -0.05, "high": 0.07, "n": 310},
            ],
        },
        "calibration": [{"step": 1, "value": 0.58, "low": 0.5, "high": 0.66, "n": 150}],
    }


def criterion(reliability: float = 0.8, half: float = 0.05, light: str = "green") -> dict[str, Any]:
    """What is told of one criterion."""
    marks = range(200, 3787, 188)
    order = [1, 2, 3, 4, 5, 6, 8, 9, 7]
    return {
        "trust": {
            "reliability": {
                "value": reliability,
                "low": reliability - half,
                "high": reliability + half,
                "n_uniform": 812,
                "n_all": 3786,
                "halved": "raters",
                "light": light,
                "why": "",
            },
            "separation": {"value": 0.96, "why": "pairs were chosen by score, which makes it high on noise too"},
            "curve": [
                [
                    n,
                    reliability * n / (n + 800) * 1.21,
                    max(0, reliability * n / (n + 800) * 1.21 - 320 / (n + 300)),
                    0.94,
                ]
                for n in marks
            ],
            "forecast": [[n, 0.8 + (n - 3786) * 0.00003] for n in range(3786, 6001, 200)],
            "position": {
                "value": 0.03,
                "low": -0.03,
                "high": 0.1,
                "share": 0.508,
                "share_low": 0.492,
                "share_high": 0.524,
                "detects": 0.53,
            },
            "transitivity": {"share": 0.08, "expected": 0.084, "low": 0.07, "high": 0.1, "p": 0.6},
            "coverage": {
                "parts": 1,
                "least": 18,
                "lambda2": 6.2,
                "edges": [[a, b, 60 + 13 * ((a * b) % 7)] for a in range(1, 8) for b in range(a + 1, 8)],
                "nodes": [{"id": number, "judgements": 1082, "part": 0} for number in range(1, 8)],
            },
            "skips": {"p": 0.4, "by": [{"generator": 1, "share": 0.02}]},
            "sensitivity": {
                "level": "generators",
                "prior": [{"setting": "prior × 0.5", "tau": 0.99, "moves": 1, "same_first": True}],
                "ties": [],
            },
            "confounders": [{"name": "length", "value": 0.04, "low": -0.02, "high": 0.1}],
        },
        "best": {"generators": board(), "cohorts": {}, "changed": {"since": None, "moves": []}},
        "differ": {
            "alpha": {"value": 0.44, "low": 0.4, "high": 0.48, "expected": 0.47},
            "pairwise": {"value": 0.7, "low": 0.68, "high": 0.72, "expected": 0.74},
            "w": None,
            "matrix": {
                "raters": order,
                "agreement": [[_agreement(one, other) for other in order] for one in order],
                "n": [[0 if one == other else 60 for other in order] for one in order],
            },
            "repeatability": {"share": 0.86, "n": 120},
            "taste": {"share": 0.48, "se": 0.06, "verdict": "taste"},
            "camps": [
                {"raters": [1, 2, 3, 4, 5], "gain": 0.031, "se": 0.008, "board": board()},
                {"raters": [6, 8, 9], "gain": 0.022, "se": 0.009, "board": board()},
            ],
            "marks": {
                "iou": {"value": 0.62, "low": 0.55, "high": 0.69, "why": "", "n": 84},
                "temporal_iou": {"value": None, "low": None, "high": None, "why": "none", "n": 0},
                "token_f1": {"value": 0.41, "low": 0.3, "high": 0.52, "why": "", "n": 37},
            },
            "machine": [machine()],
        },
        "done": {
            "target": 0.8,
            "state": "done" if light == "green" else "more",
            "more": 0 if light == "green" else 214,
            "hours": 0 if light == "green" else 3.1,
            "cost": None if light == "green" else 124.0,
            "between": [3966, 4212],
            "why": "",
        },
    }


def rater(number: int, **fields: Any) -> dict[str, Any]:
    """A rater without faults."""
    return {
        "rater": number,
        "kind": "person",
        "cohort": "composers" if number <= 5 else "illustrators",
        "n": 420 - number,
        "seconds": 52.0 + number,
        "side": [0.04, -0.1, 0.18],
        "infit": 0.95,
        "outfit": 0.97,
        "reliability": [1.02, 0.82, 1.2],
        "tau": [0.62, 0.5, 0.71],
        "gold": [22, 24],
        "repeats": [26, 30],
        "drift": [0.8, 0.4],
        "without": None,
        "timeline": {
            "from": 1793620800,
            "step": 86400,
            "n": [12 + (number * day) % 9 for day in range(21)],
            "seconds": [50 + (number * day) % 7 for day in range(21)],
        },
        "flags": [],
    } | fields


def told(**changes: Any) -> dict[str, Any]:
    """The whole of it."""
    arc = criterion(0.52, 0.11, "red")
    arc["done"] |= {
        "state": "never",
        "more": None,
        "hours": None,
        "cost": None,
        "why": "taste",
        "text": "raters differ in taste",
    }
    resonance = criterion(0.71, 0.07, "amber")
    random = {
        "fault": "random rater",
        "p": 1e-9,
        "false_alarm": 0.0001,
        "says": {"reliability": 0.05, "error": 0.07, "least": 0.5},
    }
    slow = {"fault": "drift", "p": 0.004, "false_alarm": 0.01, "says": {"n": 417, "excursion": 1.9, "after": 0.62}}
    return deepcopy(
        {
            "version": 1,
            "counts": {
                "submissions": 3786,
                "judgements": 11358,
                "raters": 9,
                "works": 280,
                "prompts": 40,
                "generators": 7,
            },
            "criteria": list(CRITERIA),
            "findings": [
                {
                    "fault": "random rater",
                    "subject": {"rater": 7},
                    "criterion": None,
                    "p": 1e-9,
                    "q": 1e-8,
                    "severity": 1,
                    "says": {"reliability": 0.05, "error": 0.07, "least": 0.5},
                    "co_flags": [],
                }
            ],
            "raters": [
                *(rater(number) for number in (1, 2, 4, 5, 6, 8, 9)),
                rater(3, flags=[slow], seconds=57.0, gold=[23, 24]),
                rater(7, flags=[random], infit=1.8, outfit=2.6, reliability=[0.05, -0.1, 0.2], tau=[0.02, -0.2, 0.2]),
            ],
            "by": {"lighting": criterion(), "narrative-arc": arc, "emotional-resonance": resonance},
        }
        | changes
    )


def facts(slug: str = "lighting", names: Names = NAMES, **changes: Any) -> Facts:
    """As the page reads it."""
    return facts_of(told(**changes), slug, names)


def renumbered(report: dict[str, Any], makers: dict[int, int], raters: dict[int, int]) -> dict[str, Any]:
    """The same of generators and raters that are in a database."""
    for row in report["raters"]:
        row["rater"] = raters[row["rater"]]
    for finding in report["findings"]:
        finding["subject"] = {"rater": raters[finding["subject"]["rater"]]}
    for one in report["by"].values():
        for shown in [one["best"]["generators"], *(camp["board"] for camp in one["differ"]["camps"])]:
            for row in shown["rows"]:
                row["id"] = makers[row["id"]]
        coverage, matrix = one["trust"]["coverage"], one["differ"]["matrix"]
        coverage["nodes"] = [node | {"id": makers[node["id"]]} for node in coverage["nodes"]]
        coverage["edges"] = [[makers[a], makers[b], n] for a, b, n in coverage["edges"]]
        matrix["raters"] = [raters[number] for number in matrix["raters"]]
        for camp in one["differ"]["camps"]:
            camp["raters"] = [raters[number] for number in camp["raters"]]
    return report
