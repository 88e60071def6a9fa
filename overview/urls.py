"""Addresses of this room."""

from django.urls import URLPattern

from overview import timetable_urls

urlpatterns: list[URLPattern] = [*timetable_urls.urlpatterns]
