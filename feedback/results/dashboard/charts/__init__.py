"""Pictures of a report: each is drawn here at the width it is looked at, and has a table behind it."""
