"""The gallery: every component and form state on one page. For tests only; no room serves it."""

from django.urls import path

from design_system.tests import gallery

urlpatterns = [
    path("gallery/", gallery.everything, name="gallery"),
    path("gallery/form/", gallery.form, name="gallery_form"),
    path("gallery/errors/<str:name>/", gallery.error_page),
    path("gallery/progress/", gallery.progress, name="gallery_progress"),
]
