"""Every address of the site."""

from django.urls import include, path

urlpatterns = [
    path("", include("feedback.pages.urls")),
    path("", include("feedback.judging.urls")),
    path("", include("feedback.results.urls")),
    path("", include("feedback.datasets.urls")),
    path("api/v1/", include("feedback.api.urls")),
]

handler404 = "feedback.pages.views.not_found"
