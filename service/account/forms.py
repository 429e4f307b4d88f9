"""Forms of the log-in and account pages."""

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, StringField
from wtforms.validators import EqualTo, Length

from service.fields import PlainField, Required
from service.web.forms import Form


class LogInForm(Form):
    """User name and password."""

    username = PlainField(_l("User name"), [Required(_l("Type your user name."))])
    password = PasswordField(_l("Password"), [Required(_l("Type your password."))])


class PasswordForm(Form):
    """The old password, and the new one twice."""

    old = PasswordField(_l("Present password"), [Required(_l("Type your present password."))])
    new = PasswordField(_l("New password"), [Required(_l("Type a new password."))])
    again = PasswordField(
        _l("New password once more"),
        [EqualTo("new", _l("The two new passwords differ. Type the same one twice."))],
    )


class TokenForm(Form):
    """What a new API token is called."""

    name = StringField(
        _l("What is it for?"),
        [
            Required(_l("Say which program will use the token.")),
            Length(max=64, message=_l("At most 64 characters.")),
        ],
    )
