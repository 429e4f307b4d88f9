"""Ways to write parts that do not fit one another, each of them right for itself."""

ARB, WAGE = "deadlines/arbitration.yaml", "deadlines/wage_arrears.yaml"

# As `WRONG` of `wrong_policies`.
NOT_FITTING: dict[str, tuple[str, str, str, str, str]] = {
    "a procedure that begins with an event of another": (
        "procedures.yaml",
        "acceptance_events: [case_accepted,",
        "acceptance_events: [petition_accepted,",
        "- id: arbitration",
        "arbitration: the event petition_accepted is not listed for this procedure",
    ),
    "an event that needs one of another procedure": (
        "events/arbitration.yaml",
        "needs: {arbitration: [arb_application_received]}",
        "needs: {arbitration: [petition_received]}",
        "id: arb_application_defective",
        "needs: petition_received does not occur in arbitration",
    ),
    "an event that needs something where it does not occur": (
        "events/arbitration.yaml",
        "needs: {arbitration: [arb_application_received]}",
        "needs: {mediation: [mediation_application_received]}",
        "id: arb_application_defective",
        "needs in mediation, where it does not occur; leave that out",
    ),
    "grounds without a field for one": (
        "events/arbitration.yaml",
        "  fields: {ground: optional}\n  # 办案规则§47",
        "  # 办案规则§47",
        "id: suspended",
        "suspended: it lists grounds and has no field for one",
    ),
    "grounds where the event does not occur": (
        "events/arbitration.yaml",
        "    arbitration:\n      heirs_awaited:",
        "    petition:\n      heirs_awaited:",
        "id: suspended",
        "suspended: it lists grounds of a procedure it does not occur in",
    ),
    "an assumed value that is no choice": (
        "facts.yaml",
        "  default: ordinary",
        "  default: usual",
        "  default: usual",
        "track: the default 'usual' is not one of ordinary, simplified",
    ),
    "choices of what is no choice": (
        "facts.yaml",
        "collective_contract:\n  type: flag\n",
        "collective_contract:\n  type: flag\n  choices: [ordinary, simplified]\n",
        "  type: flag",
        "collective_contract: a choice lists its choices, and nothing else does",
    ),
    "a fact that is assumed and defined": (
        "facts.yaml",
        "collective:\n  type: flag\n",
        "collective:\n  type: flag\n  default: true\n",
        "collective:",
        "holds_if belongs to a flag without a default",
    ),
    "a limit that comes to what somebody records": (
        WAGE,
        "expires_as: order_deadline_expired",
        "expires_as: deposit_stored",
        "id: wage_order_deadline",
        "the event deposit_stored must be by_itself and listed for wage_arrears",
    ),
    "a limit that comes to what began it": (
        WAGE,
        "  starts_on: [order_deadline_expired]\n",
        "  starts_on: [order_deadline_expired]\n  expires_as: order_deadline_expired\n",
        "id: wage_blacklist_decision",
        "it expires as order_deadline_expired, which it also speaks of",
    ),
    "hours that are not days": (
        "deadlines/wage_arrears_crime.yaml",
        "{length: 24, unit: hours}",
        "{length: 30, unit: hours}",
        "id: wage_crime_transfer",
        "30 hours are not whole days, which is all that is counted",
    ),
    "a duty that never ends": (
        ARB,
        "  discharged_by: [defence_served]\n",
        "",
        "id: arb_serve_defence",
        "arb_serve_defence: a duty needs the events that discharge it",
    ),
    "a limit that is counted without a length": (
        "deadlines/wage_arrears_funds.yaml",
        '  use: "off"\n  kind: commitment\n  obligation: {zh: 核处根治欠薪线索,',
        "  use: law\n  kind: duty\n  obligation: {zh: 核处根治欠薪线索,",
        "id: wage_clue_platform",
        "wage_clue_platform: it needs at least one version",
    ),
}
