"""Version 1."""

from django.urls import path

from feedback.api import views

urlpatterns = [path("studies/<slug:slug>/standings/", views.standings, name="standings")]
