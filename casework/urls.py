"""Addresses of this room."""

from django.urls import path

from casework import views
from casework.changes.urls import urlpatterns as changes

urlpatterns = [
    path("cases/", views.case_list, name="case_list"),
    path("cases/<uuid:case_id>/", views.case_page, name="case"),
    path("cases/<uuid:case_id>/history/", views.case_history, name="case_history"),
    path("cases/<uuid:case_id>/record/<slug:event>/", views.record_event, name="record_event"),
    path("cases/<uuid:case_id>/why/<str:rule>/", views.deadline_why, name="deadline_why"),
    path(
        "cases/<uuid:case_id>/events/<int:seq>/correct/", views.correct_event, name="correct_event"
    ),
    path("cases/<uuid:case_id>/events/<int:seq>/void/", views.void_event, name="void_event"),
    path(
        "cases/<uuid:case_id>/events/<int:seq>/erase-note/",
        views.erase_event_note,
        name="erase_event_note",
    ),
    *changes,
]
