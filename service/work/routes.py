"""The page a caseworker begins the day with."""

from flask import Blueprint, render_template, request

from rules.rulebook import Rulebook
from service.access import may
from service.dutypages.view import open_ones
from service.parties_shown import parties_by_case
from service.provisional import provisional_cases
from service.team.loads import waiting_approvals
from service.web import clock, database, identity, language, leftout, paging, rulebook
from service.web.gate import needs
from service.work.listing import BUCKETS, my_requests, work_of

blueprint = Blueprint("work", __name__, url_prefix="/work", template_folder="templates")


@blueprint.get("")
@needs("case.record")
def index() -> str:
    """My open cases; the counts at the top are filters."""
    session, actor = database.session(), identity.actor()
    book, lang = rulebook.current(), language.short()
    wanted = request.args.get("due")
    bucket = wanted if wanted in BUCKETS else None
    leftout.say_unless("due", "page", unreadable=["due"] if wanted and not bucket else [])
    work = work_of(session, actor, clock.today(), bucket, paging.page_number())
    ids = [case.id or 0 for _, case in work.rows]
    return render_template(
        "work/index.html",
        work=work,
        bucket=bucket,
        buckets=BUCKETS,
        parties=parties_by_case(session, actor, ids),
        provisional=provisional_cases(session, ids),
        policy=book.policy,
        lang=lang,
        action=_action(book, lang),
        approvals=waiting_approvals(session, actor) if may(actor, "case.approve") else [],
        requests=my_requests(session, actor),
        duties=open_ones(session, actor, book, clock.today(), lang, mine=True),
        page=paging.Page([], work.page, work.has_next),
    )


def _action(book: Rulebook, lang: str) -> dict[str, str]:
    """By rule, what the usual event that meets it is called."""
    events = book.policy.events
    return {
        rule.id: events[rule.discharged_by[0]].label[lang]
        for rule in book.policy.rules.values()
        # A term or an earliest day ends by itself.
        if rule.discharged_by and rule.discharged_by[0] in events
    }
