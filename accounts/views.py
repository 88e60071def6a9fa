"""Signing in and out."""

import uuid

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import demonstration, session
from accounts.forms import SignInForm
from config.throttle import by_address, limit


def _account_tried(request: HttpRequest) -> str:
    """Whoever tries, from wherever: guessing at one account is slow from many addresses too."""
    return request.POST.get("email", "")[:254].strip().lower()


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """E-mail address and password; in a demonstration also the list of people to become."""
    if request.method == "POST":
        return _with_password(request)
    going_to = session.next_address(request, request.GET.get("next", ""))
    if request.user.is_authenticated:
        return redirect(going_to)
    return _page(request, SignInForm(request), going_to)


@limit(30, by_address, name="sign-in-address")
@limit(10, _account_tried, name="sign-in-account")
def _with_password(request: HttpRequest) -> HttpResponse:
    going_to = session.next_address(request, request.POST.get("next", ""))
    form = SignInForm(request, request.POST)
    if form.is_valid() and form.person:
        session.begin(request, form.person)
        return HttpResponseRedirect(going_to)
    return _page(request, form, going_to)


def _page(request: HttpRequest, form: SignInForm, going_to: str) -> HttpResponse:
    people = demonstration.people()
    return render(
        request,
        "accounts/sign_in.html",
        {
            "form": form,
            "next": going_to,
            "demonstration": settings.DEMONSTRATION,
            "groups": demonstration.grouped(people),
            "others": [one for one in people if one.named],
        },
    )


@never_cache
@require_POST
def become(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Sign in as one of a demonstration's people; does not exist anywhere else."""
    user = demonstration.someone(public_id)
    if user is None:
        raise Http404
    session.begin(request, user)
    return HttpResponseRedirect(session.next_address(request, request.POST.get("next", "")))


@never_cache
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    session.end(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


def administrators_sign_in(request: HttpRequest, **options: object) -> HttpResponse:
    """Where Django admin sends people: to the one sign-in page, which limits how often one may try.

    Raises PermissionDenied for somebody who is signed in and no administrator: asking again would
    go round in a circle.
    """
    if request.user.is_authenticated:
        raise PermissionDenied("These pages are for administrators.")
    going_to = session.next_address(request, request.GET.get("next", "") or request.path)
    return redirect(f"{settings.LOGIN_URL}?{urlencode({'next': going_to})}")
