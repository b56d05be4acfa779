"""The lead's desk: what a lead does with a study, without a command line."""
