"""What is promised to hold when processes die, answers get lost and everybody comes at once: real processes, HTTP."""
