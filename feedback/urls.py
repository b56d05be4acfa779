"""Every address of the site."""

from django.urls import include, path

from feedback.api import tokens

urlpatterns = [
    path("", include("feedback.pages.urls")),
    path("", include("feedback.judging.urls")),
    path("", include("feedback.results.urls")),
    path("", include("feedback.datasets.urls")),
    path("", include("feedback.intake.urls")),
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/make/", tokens.make_token, name="make_token"),
    path("tokens/<uuid:public_id>/revoke/", tokens.revoke_token, name="revoke_token"),
    path("api/v1/", include("feedback.api.urls")),
]

handler404 = "feedback.pages.views.not_found"
