"""The rater's addresses."""

from django.urls import path

from feedback.judging import desk, own, views

urlpatterns = [
    path("studies/<slug:slug>/judge/", views.judge, name="judge"),
    path("studies/<slug:slug>/judge/ahead/", views.ahead, name="ahead"),
    path("studies/<slug:slug>/judge/undo/", views.undo, name="undo"),
    path("studies/<slug:slug>/examples/<uuid:public_id>/", views.example, name="example"),
    path("studies/<slug:slug>/consent/", views.consent, name="consent"),
    path("studies/<slug:slug>/thanks/", views.thanks, name="thanks"),
    path("assignments/<uuid:public_id>/", views.answer, name="answer"),
    path("assignments/<uuid:public_id>/draft/", views.draft, name="draft"),
    path("assignments/<uuid:public_id>/flag/", views.flagged, name="flag"),
    path("assignments/<uuid:public_id>/works/<int:position>/", views.shown_work, name="shown_work"),
    path("desk/", desk.desk, name="desk"),
    path("desk/keys/", desk.keys, name="keys"),
    path("desk/device/", desk.device, name="device"),
    path("desk/words/", own.words, name="words"),
    path("studies/<slug:slug>/withdraw/", own.withdraw, name="withdraw_own"),
    path("studies/<slug:slug>/restore/", own.restore, name="restore_own"),
    path("letter-keys/", views.letter_keys, name="letter_keys"),
]
