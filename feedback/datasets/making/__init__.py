"""The files of a release: gathered from one snapshot, kept while they are made, and put away whole."""
