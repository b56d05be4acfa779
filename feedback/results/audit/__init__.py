"""The auditor's room: what raters disagree on, what each of them did, and what a lead decides about it."""
