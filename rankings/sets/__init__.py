"""Sets: models of whole and partial orders, and of the best and worst of a set."""
