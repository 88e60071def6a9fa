"""Addresses of this room."""

from django.urls import path

from inspections.views import days, notification, planner

urlpatterns = [
    path("inspections/plan/", planner.plan, name="inspection_plan"),
    path("inspections/<uuid:case_id>/schedule/", planner.schedule, name="inspection_schedule"),
    path(
        "inspections/<uuid:case_id>/notification/",
        notification.morning,
        name="inspection_notification",
    ),
    path(
        "inspections/<uuid:case_id>/notification/<slug:call>/",
        notification.record_call,
        name="inspection_call",
    ),
    path(
        "inspections/<uuid:case_id>/notification/<slug:call>/<uuid:body_id>/",
        notification.record_call,
        name="inspection_call_to",
    ),
    path("bookings/", days.own, name="bookings"),
    path("bookings/people/", days.people, name="bookings_people"),
    path("bookings/<uuid:person_id>/", days.person, name="bookings_person"),
    path("bookings/<uuid:person_id>/leave/", days.add_leave, name="bookings_leave"),
    path(
        "bookings/<uuid:person_id>/leave/<int:booking_id>/withdraw/",
        days.withdraw_leave,
        name="bookings_withdraw",
    ),
    path("bookings/<uuid:person_id>/interest/", days.declare, name="bookings_interest"),
    path(
        "bookings/<uuid:person_id>/interest/<int:interest_id>/withdraw/",
        days.withdraw_interest,
        name="bookings_interest_withdraw",
    ),
]
