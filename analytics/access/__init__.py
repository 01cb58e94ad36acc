"""Who may do what: the roles, their rights, and the persons who have them.

The lowest room: the store and the app ask it, it asks nobody. The functions that hand out rows, datasets and shares
take a ``Person`` and call ``person.needs(right)``, so that no page can forget. ::

    from analytics.access import LOCAL, NotAllowedError, Person

    person.needs("rows")            # raises NotAllowedError, whose message is for the person at the screen
    person.may("shares")            # for what is offered on screen
"""

from analytics.access.arrivals import Refused, arrival, sign_out_time, subject_of
from analytics.access.people import LOCAL, RIGHTS, NotAllowedError, Person, Right, Role
from analytics.access.roles import Grant, Roles, RolesError, RolesFile, roles_of

__all__ = [
    "LOCAL", "RIGHTS", "Grant", "NotAllowedError", "Person", "Refused", "Right", "Role", "Roles", "RolesError",
    "RolesFile", "arrival", "roles_of", "sign_out_time", "subject_of",
]
