"""The page of releases, each release with its files, and what was taken back."""

from django.urls import path

from feedback.datasets import views, withdrawals

urlpatterns = [
    path("studies/<slug:slug>/releases/", views.releases, name="releases"),
    path("studies/<slug:slug>/releases/preview/", views.preview_release, name="preview_release"),
    path("studies/<slug:slug>/releases/build/", views.build_release, name="build_release"),
    path("builds/<uuid:public_id>/cancel/", views.cancel, name="cancel_build"),
    path("releases/<uuid:public_id>/", views.release, name="release"),
    path("releases/<uuid:public_id>/download/", views.download_release, name="download_release"),
    path("releases/<uuid:public_id>/<path:path>", views.release_file, name="release_file"),
    path("studies/<slug:slug>/withdrawals/", withdrawals.withdrawals, name="withdrawals"),
    path("studies/<slug:slug>/withdrawals/work/", withdrawals.work, name="withdraw_work"),
    path("studies/<slug:slug>/withdrawals/rater/", withdrawals.rater, name="withdraw_rater"),
]
