"""Addresses of the public timetable: the same question in each form."""

from django.urls import path

from overview import timetable_views

urlpatterns = [
    path("timetable/", timetable_views.timetable, name="timetable"),
    path("timetable.json", timetable_views.timetable_json, name="timetable_json"),
    path("timetable.pdf", timetable_views.timetable_as_pdf, name="timetable_pdf"),
    path("timetable.ics", timetable_views.timetable_as_calendar, name="timetable_ics"),
]
