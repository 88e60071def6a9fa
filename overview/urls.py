"""Addresses of this room."""

from django.urls import URLPattern, path

from overview import clock_page, timetable_urls, views
from overview.programme.page import programme_page
from overview.programme.year_page import year_page

urlpatterns: list[URLPattern] = [
    path("", views.home, name="home"),
    path("about/working-days/", views.working_days, name="working_days"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("demonstration/clock/", clock_page.demonstration_clock, name="demonstration_clock"),
    path("programme/", programme_page, name="programme"),
    path("programme/year/", year_page, name="programme_year"),
    *timetable_urls.urlpatterns,
]
