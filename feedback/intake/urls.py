"""The addresses of the lead's desk and of new studies."""

from django.urls import path

from feedback.intake.delivering import tables, views
from feedback.intake.desk import people, preview, settings
from feedback.intake.desk import views as desk

urlpatterns = [
    path("new/", views.new_study, name="new_study"),
    path("new/<uuid:public_id>/", views.delivery, name="delivery"),
    path("new/<uuid:public_id>/files/", views.deliver, name="deliver"),
    path("new/<uuid:public_id>/add/", views.add_files, name="add_files"),
    path("new/<uuid:public_id>/take-away/", views.take_away, name="take_away"),
    path("new/<uuid:public_id>/arrange/", tables.arrange, name="arrange"),
    path("new/<uuid:public_id>/read/", views.read_files, name="read_files"),
    path("new/<uuid:public_id>/call-off/", views.call_off, name="call_off"),
    path("studies/<slug:slug>/desk/", desk.desk, name="study_desk"),
    path("studies/<slug:slug>/desk/act/", desk.act, name="desk_act"),
    path("studies/<slug:slug>/desk/making/", desk.making, name="desk_making"),
    path("studies/<slug:slug>/desk/go-on/", desk.go_on, name="desk_go_on"),
    path("studies/<slug:slug>/desk/people/", people.people, name="desk_people"),
    path("studies/<slug:slug>/desk/people/invite/", people.invite, name="desk_invite"),
    path("studies/<slug:slug>/desk/people/lines/", people.invite_many, name="desk_invite_many"),
    path("studies/<slug:slug>/desk/people/<uuid:public_id>/", people.person, name="desk_person"),
    path("studies/<slug:slug>/desk/criteria/", settings.criteria, name="desk_criteria"),
    path("studies/<slug:slug>/desk/criteria/change/", settings.change_criterion, name="desk_change_criterion"),
    path("studies/<slug:slug>/desk/settings/", settings.settings, name="desk_settings"),
    path("studies/<slug:slug>/desk/preview/", preview.preview, name="desk_preview"),
    path("studies/<slug:slug>/desk/preview/<uuid:public_id>/", preview.work, name="desk_preview_work"),
]
