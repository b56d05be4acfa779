"""Panel: strengths together with how well each rater hears them."""
