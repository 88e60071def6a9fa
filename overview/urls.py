"""Addresses of this room."""

from django.urls import URLPattern, path

from overview import clock_page, timetable_urls, views

urlpatterns: list[URLPattern] = [
    path("", views.home, name="home"),
    path("about/working-days/", views.working_days, name="working_days"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("demonstration/clock/", clock_page.demonstration_clock, name="demonstration_clock"),
    *timetable_urls.urlpatterns,
]
