"""The addresses of the lead's page."""

from django.urls import path

from feedback.results.dashboard import views

urlpatterns = [
    path("studies/<slug:slug>/results/", views.results, name="results"),
    path("studies/<slug:slug>/results/live/", views.leaderboard, name="leaderboard"),
    path("studies/<slug:slug>/results/report.html", views.report, name="report"),
    path("studies/<slug:slug>/results.json", views.results_json, name="results_json"),
    path("studies/<slug:slug>/results/works/", views.works_in_prompts, name="works_in_prompts"),
    path("studies/<slug:slug>/results/<slug:chart>/", views.chart_table, name="chart_table"),
    path("studies/<slug:slug>/results/<slug:chart>.svg", views.chart_file, {"kind": "svg"}, name="chart_svg"),
    path("studies/<slug:slug>/results/<slug:chart>.csv", views.chart_file, {"kind": "csv"}, name="chart_csv"),
]
