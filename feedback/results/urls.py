"""The addresses of a study's results."""

from django.urls import include, path

urlpatterns = [
    path("", include("feedback.results.dashboard.urls")),
    path("", include("feedback.results.audit.urls")),
    path("", include("feedback.results.planning.urls")),
]
