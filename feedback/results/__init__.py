"""What the judgements say: fits, estimates and the lead's page."""
