"""Planning: how much work it is until the scores are reliable enough."""
