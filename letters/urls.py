"""Addresses of the letters room."""

from django.urls import path

from letters import views

urlpatterns = [
    path("cases/<uuid:case_id>/letters/<str:code>/", views.desk, name="letter_desk"),
    path("cases/<uuid:case_id>/letters/<str:code>/approve/", views.approve, name="letter_approve"),
    path("cases/<uuid:case_id>/letters/<str:code>/issue/", views.issue, name="letter_issue"),
    path(
        "cases/<uuid:case_id>/letters/<str:code>/take-back/",
        views.take_back,
        name="letter_take_back",
    ),
    path("cases/<uuid:case_id>/letters/<str:code>/correct/", views.correct, name="letter_correct"),
    path("cases/<uuid:case_id>/letters/<str:code>/abandon/", views.abandon, name="letter_abandon"),
    path(
        "cases/<uuid:case_id>/letters/<str:code>/progress/", views.progress, name="letter_progress"
    ),
    path("cases/<uuid:case_id>/letters/<str:code>/draft.pdf", views.draft_pdf, name="letter_draft"),
    path("letters/<uuid:letter_id>/", views.web_page, name="letter_web_page"),
    path("letters/<uuid:letter_id>/letter.pdf", views.download, name="letter_pdf"),
]
