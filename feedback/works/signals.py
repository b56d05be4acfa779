"""What works tell the apps above, which know what to do about it."""

from django.dispatch import Signal

works_wanted = Signal()  # the works of a `study` are to be made by the background worker
