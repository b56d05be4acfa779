"""How it is judged: rounds of comparisons, assignments, and the rater's bench."""
