"""For machines: the versioned JSON interface."""
