"""What people read who sign in, who may not do something, and who reached the dashboard from elsewhere."""

from __future__ import annotations

WHY = {
    "not_signed_in": "You are not signed in.",
    "unusable": "This sign-in does not say who you are and how long it holds. Tell the person who runs this "
                "dashboard: the identity provider must send iss, sub, iat and exp.",
    "expired": "Your sign-in has run out. Sign in again; nothing was lost.",
    "ended": "You were signed out. Sign in again.",
    "unknown": "You are signed in, but nobody has given you a role here. Ask the person who runs this dashboard, and "
               "name the e-mail address you signed in with. An address that the provider has not verified does not "
               "count.",
    "closed": "Nobody is let in at the moment: it cannot be checked who may. The person who runs this dashboard "
              "finds the reason in its log.",
}
"""By the reason why somebody is nobody here."""

SIGN_IN_TITLE = "Sign in"
SIGN_IN_LEAD = "This dashboard shows results of patients. Sign in with the account of your clinic."

VIEWER_TITLE = "Open the link you were sent"
VIEWER = ("Your role here is viewer: you see what a link shows. Open the link itself, from the mail or message in "
          "which it came; there is nothing to choose here.")

NOTHING_TITLE = "No data of your sites"
NOTHING = ("None of the datasets here has patients of the sites that your role is limited to. A dataset tells sites by "
           "an attribute named site or clinic; one without it is not shown to people with a limit.")

WHOLE_FILES = ("Your role is limited to some sites, and the files of this dataset hold patients of others. What needs "
               "the whole files, as the bundle does, is for people without such a limit.")

SIGN_OUT = "Ends your sign-in here and in every other browser."
SIGNED_OUT_HERE = "You are signed out in this browser; whether in others too is not sure."

ROLE = {
    "director": "Director: everything", "analyst": "Analyst: data, rows, results and decks",
    "presenter": "Presenter: results, decks and links", "viewer": "Viewer: what links show",
}

NO_PAGE = "This page is not part of your role."


def sites(names: frozenset[str] | None) -> str:
    """The sites a person is limited to; empty for all."""
    if names is None:
        return ""
    return f"Patients of {'site' if len(names) == 1 else 'sites'} {', '.join(sorted(names))} only"


def sign_in_label(provider: str | None) -> str:
    """The button of a provider."""
    return "Sign in" if provider in (None, "default") else f"Sign in with {provider}"


# --- at the start ------------------------------------------------------------------------------------

TRUSTED_HEADERS = ("server.trustedUserHeaders is set. This dashboard does not take the word of a header for who "
                   "somebody is: take the setting out, and set up sign-in in .streamlit/secrets.toml.")
SECRETS_UNREADABLE = "The secrets file cannot be read as TOML. Mend it, or take it away."
REDIRECT = "redirect_uri in [auth] of the secrets must end with /oauth2callback."
NO_AUTHLIB = "Sign-in needs Authlib: pip install 'Authlib>=1.3.2'."


def lacks(name: str) -> str:
    """A setting that sign-in needs."""
    return f"[auth] of the secrets lacks {name}, a text."


def short_secret(least: int) -> str:
    """A secret that could be guessed."""
    return (f"cookie_secret in [auth] of the secrets is too short: {least} characters or more, as "
            "python -c 'import secrets; print(secrets.token_urlsafe(48))' makes them.")


def provider_lacks(name: str, key: str) -> str:
    """A setting that a provider needs."""
    return f"[auth{f'.{name}' if name else ''}] of the secrets lacks {key}, a text."


def provider_name(name: str) -> str:
    """A name that Streamlit does not take."""
    return f"The provider {name} in the secrets needs a name without underscore."


def roles_mistake(message: str, path: str, variable: str) -> str:
    """What is wrong with the roles file, and where it is."""
    return f"Nobody is let in: {message} The file is {path}; another is named by the variable {variable}."


def printed_address(address: str) -> str:
    """What the console says at the start, where nobody signs in."""
    return ("  For a browser of another account of this computer, this address opens the dashboard until it ends. "
            f"Keep it to yourself:\n  {address}\n")


# --- pages of our own --------------------------------------------------------------------------------

ELSEWHERE = ("This dashboard serves only its own computer", (
    "You reached it from another computer, or through a proxy, and nobody can sign in here yet. So that nobody sees "
    "patients' results by accident, nothing is shown.",
    "If you run it: set up sign-in. In .streamlit/secrets.toml beside dashboard.py write the part [auth] with "
    "redirect_uri, cookie_secret, client_id, client_secret and server_metadata_url of your identity provider; in "
    ".streamlit/roles.toml write who has which role. Then start it again. docs/sign_in.md shows both files.",
    "If you only want to look at it on the computer where it runs: open http://localhost there.",
))

OTHER_ACCOUNT = ("Open the address that was printed at the start", (
    "This dashboard was started by an account of this computer, and your browser could not be recognised as the same "
    "account's. Others who work on this computer must not see its data.",
    "If you started it: copy the whole address, with what stands after ?key=, from the window in which you started it, "
    "and open it in this browser once. It holds until the dashboard ends.",
))

NOT_YOURS = ("This download is not available in this browser. Open the page it came from and ask for it again.")
NO_LONGER = "What this download was made of was deleted since, so it is not made any more."
NO_UPLOAD = "Files cannot be loaded here: sign in, with a role that may, and open the page again."
