"""The address of the plan."""

from django.urls import path

from feedback.results.planning import views

urlpatterns = [path("studies/<slug:slug>/desk/plan/", views.plan, name="desk_plan")]
