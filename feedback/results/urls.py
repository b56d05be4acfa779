"""The lead's addresses."""

from django.urls import path

from feedback.results import views

urlpatterns = [
    path("studies/<slug:slug>/results/", views.results, name="results"),
    path("studies/<slug:slug>/results/live/", views.leaderboard, name="leaderboard"),
    path("studies/<slug:slug>/invite/", views.invite, name="invite"),
    path("studies/<slug:slug>/open/", views.open_study, name="open_study"),
    path("studies/<slug:slug>/close/", views.close_study, name="close_study"),
]
