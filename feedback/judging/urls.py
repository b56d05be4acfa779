"""The rater's addresses."""

from django.urls import path

from feedback.judging import views

urlpatterns = [
    path("studies/<slug:slug>/judge/", views.judge, name="judge"),
    path("studies/<slug:slug>/judge/ahead/", views.ahead, name="ahead"),
    path("studies/<slug:slug>/judge/undo/", views.undo, name="undo"),
    path("studies/<slug:slug>/consent/", views.consent, name="consent"),
    path("studies/<slug:slug>/thanks/", views.thanks, name="thanks"),
    path("assignments/<uuid:public_id>/", views.answer, name="answer"),
    path("assignments/<uuid:public_id>/works/<int:position>/", views.shown_work, name="shown_work"),
    path("letter-keys/", views.letter_keys, name="letter_keys"),
]
