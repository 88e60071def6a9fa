"""The sign-in form."""

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.http import HttpRequest

from accounts.models import User
from design_system.forms import GovukForm, TextField


class SignInForm(GovukForm):
    """E-mail address and password. One answer for every refusal, so that it tells nobody who has
    an account."""

    email = TextField(
        label="E-mail address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    password = forms.CharField(
        label="Password",
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    looks = {"email": {"width": 30}, "password": {"width": 30}}

    def __init__(self, request: HttpRequest, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.request = request
        self.person: User | None = None

    def clean(self) -> dict[str, Any]:
        """The cleaned data, once the pair belongs to an active person (`self.person`)."""
        cleaned = super().clean() or self.cleaned_data
        if "email" in cleaned and "password" in cleaned:
            user = authenticate(
                self.request, username=cleaned["email"], password=cleaned["password"]
            )
            if isinstance(user, User):
                self.person = user
            else:
                self.add_error("email", "The e-mail address or the password is not right")
        return cleaned
