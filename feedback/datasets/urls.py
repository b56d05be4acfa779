"""The page of releases and their downloads."""

from django.urls import path

from feedback.datasets import views

urlpatterns = [
    path("studies/<slug:slug>/releases/", views.releases, name="releases"),
    path("studies/<slug:slug>/releases/build/", views.build_release, name="build_release"),
    path("releases/<uuid:public_id>/download/", views.download_release, name="download_release"),
]
