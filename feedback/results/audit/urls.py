"""The auditor's addresses."""

from django.urls import path

from feedback.results.audit import rater_views, views

urlpatterns = [
    path("studies/<slug:slug>/judged/", views.judged_comparisons, name="judged"),
    path("studies/<slug:slug>/judged/golden/", views.golden, name="golden"),
    path("studies/<slug:slug>/judged/golden.jsonl", views.golden_file, name="golden_file"),
    path("studies/<slug:slug>/judged/<int:number>/", views.audit, name="audit"),
    path("studies/<slug:slug>/judged/<int:number>/decide/", views.decide, name="decide"),
    path("studies/<slug:slug>/judged/<int:number>/undo/", views.undo_decision, name="undo_decision"),
    path("studies/<slug:slug>/judged/<int:number>/works/<int:entry>/", views.audited_work, name="audited_work"),
    path("studies/<slug:slug>/raters/<int:number>/", rater_views.rater, name="rater"),
    path("studies/<slug:slug>/raters/<int:number>/exclude/", rater_views.exclude, name="exclude"),
    path("studies/<slug:slug>/raters/<int:number>/lift/", rater_views.lift_exclusion, name="lift_exclusion"),
]
