"""Fitting: concave likelihoods on a graph of comparisons, climbed by Newton, with what is known about the errors."""
