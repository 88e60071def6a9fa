"""Addresses of the changes of calendar and offsets."""

from django.urls import path

from casework.changes import views

urlpatterns = [
    path("changes/", views.change_list, name="changes"),
    path("changes/ask-gov-uk/", views.ask_gov_uk, name="ask_gov_uk"),
    path("changes/bank-holidays/add/", views.add_bank_holidays, name="add_bank_holidays"),
    path("changes/bank-holidays/remove/", views.remove_bank_holidays, name="remove_bank_holidays"),
    path("changes/closures/add/", views.record_closure, name="record_closure"),
    path("changes/closures/remove/", views.remove_closure, name="remove_closure"),
    path("changes/offsets/", views.offset_list, name="offsets"),
    path("changes/offsets/<str:key>/", views.change_offset, name="change_offset"),
    path("changes/<uuid:change_id>/", views.change_page, name="change"),
    path("changes/<uuid:change_id>/progress/", views.change_progress, name="change_progress"),
    path("changes/<uuid:change_id>/again/", views.preview_again, name="preview_again"),
    path("changes/<uuid:change_id>/apply/", views.apply_change, name="apply_change"),
    path("changes/<uuid:change_id>/withdraw/", views.withdraw_change, name="withdraw_change"),
]
