"""The criteria a study gets when it names none of its own."""

from feedback.intake.reading.plans import CriterionPlan

DEFAULT_CRITERIA = (
    CriterionPlan(
        slug="lighting",
        name="Lighting",
        definition="Does the light come from somewhere, give things shape and suit the mood?",
        strong="One main direction reads at once; shadows and reflections agree with it; detail survives where the "
        "eye should rest.",
        weak="Shadows point different ways, areas are flat or burnt out, or something glows with no source.",
    ),
    CriterionPlan(
        slug="narrative-arc",
        name="Narrative arc",
        definition="Is something set up, turned, and left changed at the end?",
        strong="One thing causes the next, more and more is at stake, and the ending follows without being foreseen.",
        weak="Events merely stand in a row, nothing can be lost, or the end feels just as the beginning did.",
    ),
    CriterionPlan(
        slug="emotional-resonance",
        name="Emotional resonance",
        definition="Does it move you, as the person it is meant for, by how it is made?",
        strong="A feeling you can name arrives and stays, and the work itself brings it about.",
        weak="It leaves you unmoved, or it counts on a touching subject to do the work.",
    ),
)
