"""Addresses of this room."""

from django.urls import path

from areas import edit_views, merge_views, term_views, views
from areas.term_import import views as import_views

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
    path("areas/commissioners/merge/", merge_views.merge_commissioners, name="merge_commissioners"),
    path(
        "areas/terms/import/", import_views.import_terms_of_several, name="import_terms_of_several"
    ),
    path(
        "areas/terms/template.csv",
        term_views.term_template_of_several,
        name="term_template_of_several",
    ),
    path(f"{AREA}terms/", term_views.area_terms, name="area_terms"),
    path(f"{AREA}terms/import/", import_views.import_terms, name="import_terms"),
    path(f"{AREA}terms/terms.csv", term_views.terms_as_csv, name="terms_as_csv"),
    path(f"{AREA}terms/template.csv", term_views.term_template, name="term_template"),
    path(f"{AREA}terms/new/", edit_views.new_term, name="new_term"),
    path(f"{AREA}terms/<int:term_id>/", edit_views.change_term, name="change_term"),
    path(f"{AREA}terms/<int:term_id>/remove/", edit_views.remove_term, name="remove_term"),
]
