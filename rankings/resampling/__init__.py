"""Resampling: errors from refits in which whole clusters count as often as they are drawn."""
