"""Signing in and out."""

import uuid

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import demonstration, session
from accounts.forms import SignInForm
from config.throttle import limit


def _typed_address(request: HttpRequest) -> str:
    return f"{request.META.get('REMOTE_ADDR', '')} {request.POST.get('email', '')[:254].lower()}"


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@limit(60, name="sign-in-address")
@limit(20, _typed_address, name="sign-in-account")
def sign_in(request: HttpRequest) -> HttpResponse:
    """E-mail address and password; in a demonstration also the list of people to become."""
    going_to = session.next_address(
        request, request.POST.get("next") or request.GET.get("next", "")
    )
    if request.user.is_authenticated and request.method != "POST":
        return redirect(going_to)
    form = SignInForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid() and form.person:
        session.begin(request, form.person)
        return HttpResponseRedirect(going_to)
    return render(
        request,
        "accounts/sign_in.html",
        {
            "form": form,
            "next": going_to,
            "people": demonstration.people(),
            "demonstration": settings.DEMONSTRATION,
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
