"""Beginning and ending a session. What the header shows of the person is kept in the session,
so that no page asks the database for it."""

from django.contrib.auth import login, logout
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.models import User
from accounts.services import active_memberships, described, named_as
from config import clock
from design_system.navigation import Person

BACKEND = "django.contrib.auth.backends.ModelBackend"
ROLE = "acting_as"
ROLE_ON = "acting_as_on"
ROLES = "standing_roles"


def begin(request: HttpRequest, user: User) -> None:
    """Sign the person in with a new session key."""
    login(request, user, backend=BACKEND)
    _remember_role(request, user)


def _remember_role(request: HttpRequest, user: User) -> None:
    today = clock.today()
    standing = list(active_memberships(user, today))
    held = described(standing)
    request.session[ROLES] = sorted({membership.role for membership in standing})
    request.session[ROLE] = held or named_as([user.pk], today).get(user.pk, "")
    request.session[ROLE_ON] = today.isoformat()


def end(request: HttpRequest) -> None:
    """Sign the person out; the session is emptied."""
    logout(request)


def person(request: HttpRequest) -> Person:
    """The signed-in person as the header shows them. One query a day: roles end by the day."""
    user = request.user
    if isinstance(user, User):
        today = clock.today().isoformat()
        if request.session.get(ROLE_ON) != today or ROLES not in request.session:
            _remember_role(request, user)
        # The menu may go by the standing roles of the day.
        user.roles_today = frozenset(request.session[ROLES])  # type: ignore[attr-defined]
    return Person(name=str(user), role=request.session.get(ROLE, ""))


def next_address(request: HttpRequest, given: str) -> str:
    """Where to go after signing in: the address that was asked for when it is one of ours."""
    safe = url_has_allowed_host_and_scheme(
        given, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return given if safe else "/"
