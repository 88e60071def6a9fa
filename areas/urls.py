"""Addresses of this room."""

from django.urls import path

from areas import edit_views, views

AREA = "areas/<uuid:area_id>/"
ORGANISATION = f"{AREA}organisations/<uuid:organisation_id>/"

urlpatterns = [
    path("areas/", views.area_list, name="area_list"),
    path(AREA, views.area_page, name="area"),
    path(f"{AREA}organisations/new/", edit_views.new_link, name="new_link"),
    path(f"{AREA}links/<int:link_id>/", edit_views.change_link, name="change_link"),
    path(ORGANISATION, edit_views.change_organisation, name="change_organisation"),
    path(f"{ORGANISATION}posts/new/", edit_views.new_post, name="new_post"),
    path(f"{AREA}posts/<int:post_id>/holders/new/", edit_views.new_holder, name="new_holder"),
    path(f"{AREA}holders/<int:holder_id>/", edit_views.change_holder, name="change_holder"),
    path(f"{AREA}holders/<int:holder_id>/remove/", edit_views.remove_holder, name="remove_holder"),
    path(f"{AREA}terms/new/", edit_views.new_term, name="new_term"),
    path(f"{AREA}terms/<int:term_id>/", edit_views.change_term, name="change_term"),
    path(f"{AREA}terms/<int:term_id>/remove/", edit_views.remove_term, name="remove_term"),
]
