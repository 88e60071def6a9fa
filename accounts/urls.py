from django.urls import path

from accounts import views

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-in/as/<uuid:public_id>/", views.become, name="become"),
    path("sign-out/", views.sign_out, name="sign_out"),
]
