"""Addresses of this room."""

from django.urls import path

from areas import views

urlpatterns = [
    path("areas/", views.area_list, name="area_list"),
    path("areas/<uuid:area_id>/", views.area_page, name="area"),
    path(
        "areas/<uuid:area_id>/people/add/<uuid:organisation_id>/",
        views.add_holder,
        name="area_holder_add",
    ),
    path(
        "areas/<uuid:area_id>/people/<int:holder_id>/change/",
        views.change_holder,
        name="area_holder_change",
    ),
    path(
        "areas/<uuid:area_id>/people/<int:holder_id>/end/", views.end_holder, name="area_holder_end"
    ),
    path("areas/<uuid:area_id>/terms/add/", views.add_term, name="area_term_add"),
    path(
        "areas/<uuid:area_id>/terms/<int:term_id>/change/",
        views.change_term,
        name="area_term_change",
    ),
    path(
        "areas/<uuid:area_id>/terms/<int:term_id>/remove/",
        views.remove_term,
        name="area_term_remove",
    ),
]
