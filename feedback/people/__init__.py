"""Who takes part: users, raters, sign-in links, consent and the audit trail."""
