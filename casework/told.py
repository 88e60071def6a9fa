"""Cases whose existence is confidential no more: what may be shown to somebody who has no part in
them but keeps the system (roles.md: before notification a case is the inspectorates' alone)."""

from django.db.models import Q

from casework import registry


def told() -> Q:
    """The condition for such cases, each by what its kind says; a kind that no room declares is
    left out."""
    open_at_once = [kind.name for kind in registry.kinds() if not kind.confidential_until]
    condition = Q(kind__in=open_at_once)
    for kind in registry.kinds():
        if kind.confidential_until:
            condition |= Q(kind=kind.name, moments__contains=[kind.confidential_until])
    return condition
