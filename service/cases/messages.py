"""The texts of `Problem` codes: each says what is wrong and how to mend it."""

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

_TEXTS: Mapping[str, LazyString] = {
    # Resident ID numbers
    "id_characters": _l(
        "An ID number has digits only; the last of 18 may be X. Take out other characters."
    ),
    "id_length": _l(
        "An ID number has 18 characters (or 15, of before 1999); this one has %(length)s."
        " Compare it with the card."
    ),
    "id_check_digit": _l(
        "The check digit of this ID number should be %(digit)s; look for a mistyped digit."
    ),
    "id_birth_date": _l(
        "Digits 7 to 14 of an ID number are the day of birth; %(date)s is not a possible one."
    ),
    "id_area": _l(
        "The area code %(area)s is not known. It can be saved; compare it with the card."
    ),
    "id_other_name": _l(
        "This ID number is already recorded with another name. Compare the number and the name"
        " with the card; if both are right it can be saved."
    ),
    # Unified social credit codes
    "credit_length": _l("A unified social credit code has 18 characters; this one has %(length)s."),
    "credit_characters": _l(
        "A unified social credit code does not contain %(characters)s"
        " (letters I, O, S, V and Z are never used: look for 1, 0, 5 or 2)."
    ),
    "credit_check_digit": _l(
        "The last character of this credit code should be %(digit)s; look for a mistyped character."
    ),
    "credit_area": _l("Characters 3 to 8 of a credit code are digits; “%(area)s” is not."),
    "credit_other_name": _l(
        "This credit code is already recorded with another name. Compare both with the business"
        " licence; if the employer was renamed it can be saved."
    ),
    # Phones
    "phone_unreadable": _l("Type the phone number in digits, for instance 13800138000."),
    "phone_number": _l(
        "This is not a complete phone number (%(digits)s digits). A mobile number has 11 digits;"
        " put the area code before a landline, for instance 021-12345678."
    ),
    # Parties
    "party_missing": _l("Enter at least one party with this part: %(role)s."),
    "party_name": _l("Enter the name."),
    "party_name_long": _l("A name has at most %(limit)s characters; shorten it."),
    "party_role": _l("This part does not occur in cases of this kind."),
    "party_unknown": _l("This party is not known any more; enter name and number instead."),
    "party_twice": _l("This party is entered twice with the same part; remove one."),
    "address_long": _l("An address has at most %(limit)s characters; shorten it."),
    # Claims
    "claim_kind": _l("Choose what is claimed from the list."),
    "claim_amount": _l(
        "Enter the amount in yuan, not below 0, with at most two digits after the point."
    ),
    "claim_note_long": _l("A note has at most %(limit)s characters; shorten it."),
    # The case itself
    "unit_choice": _l("Choose a unit that is open and belongs to yours."),
    "handler_choice": _l("Choose a caseworker or supervisor who works for this unit."),
    "received_future": _l("The day of receipt lies in the future; enter the day it arrived."),
    "received_early": _l("The day of receipt lies before %(year)s; check the year."),
    "worker_count": _l("Enter how many workers are concerned: a whole number from 1 to %(limit)s."),
    "title_long": _l("A title has at most %(limit)s characters; shorten it."),
    "facts_unknown": _l("“%(name)s” is not something the rules ask about."),
    "facts_decided": _l(
        "“%(name)s” follows from the other facts. Who decides otherwise does so on the case itself,"
        " with a reason."
    ),
    "answer_flag": _l("Answer with yes or no, or leave it open."),
    "answer_count": _l("Enter a whole number from %(least)s to 100,000, or leave it open."),
    "answer_yuan": _l("Enter the amount in yuan, not below 0, or leave it open."),
    "classified_already": _l("This was decided already. Take that decision back first."),
    "classified_so": _l("The facts say so already; there is nothing to decide."),
    "reason_long": _l("A reason has at most %(limit)s characters; shorten it."),
    "choice": _l("Choose one of the list."),
    "detail_unknown": _l("“%(name)s” does not occur in cases of this kind."),
    "day": _l("Enter a day like 2026-03-09."),
    "offered_future": _l("The day lies in the future; enter the day mediation was offered."),
    "injured_after": _l(
        "The injury lies after the day of receipt; compare both days with the application."
    ),
    "injured_elsewhere": _l(
        "The day of the injury belongs to an application for an injury finding; leave it empty"
        " for an appraisal."
    ),
    "pay_by_missing": _l("Type the day that the order sets."),
    "pay_by_before": _l("The day that the order sets lies before its service; compare both."),
    "pay_by_elsewhere": _l("A day to pay by belongs to an order to pay; leave it out otherwise."),
    "household_size": _l("Enter how many people live in the household: 1 to %(limit)s."),
    "dispute_choice": _l(
        "The dispute to join is not known. Open the earlier case and start from there."
    ),
    "jurisdiction": _l("The rules know no jurisdiction “%(name)s”."),
    "number_in_address": _l(
        "An ID number, phone or credit code must not stand in an address; search by POST to"
        " /api/v1/cases/search."
    ),
    "indicator_period": _l("Choose the period whose cases you look for."),
    "reason": _l("Give a reason; it is kept with the case."),
    "changed_meanwhile": _l(
        "Somebody else changed this case in the meantime. Look at what it says now, then repeat"
        " your change."
    ),
    # Events and approvals
    "text_long": _l("A text here has at most %(limit)s characters; shorten it."),
    "day_uncountable": _l("No deadline can be counted from this day; check the year."),
    "event_type": _l("This event does not occur in cases of this kind."),
    "event_needs_approval": _l(
        "This needs approval: ask for it, and a supervisor's approval records it."
    ),
    "event_needs_no_approval": _l("This needs no approval: record it as an event."),
    "request_waits": _l(
        "“%(event)s” was already asked for by %(name)s and waits for a decision. Have that one"
        " decided or taken back before asking again."
    ),
    "request_waits_days": _l(
        "“%(event)s” was already asked for by %(name)s (days: %(days)s) and waits for a decision."
        " Have that one decided, or take it back and ask once for all the days needed."
    ),
    "event_corrected": _l("This event was already corrected."),
    "event_opening": _l(
        "The event that opened the case cannot be taken back; give the right day instead,"
        " or void the case."
    ),
    "event_replacement": _l(
        "The event that opened the case can only be replaced by one that opens a case of this kind."
    ),
    "decided_future": _l("The decision lies in the future; enter the day it was made."),
    "decided_early": _l(
        "The decision lies before the day of the request, %(day)s; enter that day or a later one."
    ),
    "decided_by_another": _l(
        "This was asked for by you, or for a case of yours: another supervisor, of the handler's"
        " unit or above, says what counts in its place. You can take it back without one."
    ),
    "already_decided": _l("This request was already decided."),
    "case_voided": _l("The case was voided; nothing more can be recorded in it."),
    "duty_early": _l(
        "The period ended on %(day)s. Enter a day on or after it; what was done before belongs to"
        " an earlier period."
    ),
    "duty_done": _l("That it was done is recorded already; take it back first to change it."),
    "duty_taken_back": _l("This was taken back already."),
    "duty_reason": _l("Say why it is taken back; it is kept."),
    # People
    "username": _l("A user name has 2 to 64 small letters, digits, dots, hyphens or underscores."),
    "username_taken": _l("Somebody else has this user name; choose another."),
    "person_name": _l("Enter the person's name, at most %(limit)s characters."),
    "email": _l("This is not an e-mail address; enter one like name@example.com."),
    "role": _l("Choose one of the roles."),
    "unit": _l("Choose a unit that is open."),
    "language": _l("Choose one of the languages."),
    "password_short": _l(
        "A password has at least %(limit)s characters; a sentence is easy to keep."
    ),
    "password_long": _l("A password has at most %(limit)s characters; shorten it."),
    "password_name": _l("The password contains the user name; choose another."),
    "password_common": _l("This password is one that is tried first; choose another."),
    "password_simple": _l("This password repeats few characters; choose another."),
    "password_same": _l("The new password is the old one; choose another."),
    "password_wrong": _l("The present password is not right; type it again."),
    "self_disable": _l("You cannot disable your own account; ask another administrator."),
    "role_of_the_top": _l(
        "An auditor sees the whole bureau: an administrator of the unit at the top gives this role."
        " Choose another."
    ),
    "last_administrator": _l(
        "This is the last administrator of the unit at the top; make another one there first."
    ),
    # Units
    "unit_code": _l("A code has 1 to 12 capital letters or digits, for instance CQ."),
    "unit_code_taken": _l("Another unit has this code; choose another."),
    "unit_name": _l("Enter the name, at most %(limit)s characters."),
    "unit_parent": _l("Choose the unit above, one that is open."),
    "unit_kind": _l("Choose one of the kinds."),
    "unit_busy": _l(
        "The unit still has %(cases)s open cases, %(people)s people and %(units)s open units"
        " below it; move them first."
    ),
    "token_name": _l("Name the program that uses the token, at most %(limit)s characters."),
}


def text(code: str, params: Mapping[str, object]) -> str:
    """The text of a problem in the language of the request. Raises KeyError for no such code."""
    return str(_TEXTS[code]) % params
