"""The closed table of a round's life: phase x role -> verbs, and which phase may follow which.

A verb that is not in the table is refused. Dates open and close phases; the secretary moves a
round, so that nothing opens because a clock ran ahead. Source: TT 26/2014 Điều 8-17 for the
order of the steps; the table itself is ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from app.domain.vocabulary import Phase


class Party(StrEnum):
    """Who acts, seen from one round."""

    FACILITY = "facility"
    SECRETARY = "secretary"
    JUDGE = "judge"
    PANEL_CHAIR = "panel_chair"
    COUNCIL = "council"
    COUNCIL_CHAIR = "council_chair"


class Verb(StrEnum):
    """What can be done in a round."""

    EDIT_ROUND = "edit_round"
    MOVE_PHASE = "move_phase"
    EDIT_RULES = "edit_rules"
    EDIT_PANEL = "edit_panel"
    EDIT_COUNCIL = "edit_council"
    REGISTER = "register"
    EDIT_DOSSIER = "edit_dossier"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    ANSWER_SUPPLEMENT = "answer_supplement"
    CHECK = "check"
    RETURN_FOR_SUPPLEMENT = "return_for_supplement"
    EXTEND = "extend"
    ASSIGN = "assign"
    DECLARE_CONFLICT = "declare_conflict"
    RULE_CONFLICT = "rule_conflict"
    SAVE_SHEET = "save_sheet"
    SIGN_SHEET = "sign_sheet"
    REOPEN_SHEET = "reopen_sheet"
    KEY_PAPER = "key_paper"
    SETTLE_PAPER = "settle_paper"
    COMPUTE = "compute"
    PROPOSE_RESCORING = "propose_rescoring"
    SETTLE_RESCORING = "settle_rescoring"
    PLAN_SESSION = "plan_session"
    VOTE = "vote"
    DECIDE = "decide"
    RECORD_ORDER = "record_order"
    PUBLISH = "publish"
    ISSUE = "issue"
    REISSUE = "reissue"
    REVOKE = "revoke"
    NOMINATE = "nominate"
    COMPLAIN = "complain"
    ANSWER_COMPLAINT = "answer_complaint"
    ACCEPT_NOMINATION = "accept_nomination"
    MERGE = "merge"
    RECORD_VISIT = "record_visit"
    RULE_VISIT = "rule_visit"
    MOVE_SAMPLE = "move_sample"
    AGREE_LIST = "agree_list"
    END_SESSIONS = "end_sessions"
    SETTLE_DISCREPANCY = "settle_discrepancy"
    CLOSE_STAGE = "close_stage"
    PRACTISE = "practise"
    HOLD_CEREMONY = "hold_ceremony"


F, S, J, PC, C, CC = (
    Party.FACILITY,
    Party.SECRETARY,
    Party.JUDGE,
    Party.PANEL_CHAIR,
    Party.COUNCIL,
    Party.COUNCIL_CHAIR,
)

SET_UP = frozenset({Verb.EDIT_ROUND, Verb.MOVE_PHASE, Verb.EDIT_PANEL, Verb.EDIT_COUNCIL})
SCREEN = frozenset({Verb.CHECK, Verb.RETURN_FOR_SUPPLEMENT, Verb.EXTEND})
# Assisted entry: on behalf of a facility that cannot itself; services ask for its recorded consent.
CARRY_ON = frozenset({Verb.EDIT_DOSSIER, Verb.SUBMIT, Verb.WITHDRAW, Verb.ANSWER_SUPPLEMENT})
ASSIST = CARRY_ON | {Verb.REGISTER}
# Samples are handed back long after; a visit is recorded before and while the jury scores.
ON_SITE = frozenset({Verb.MOVE_SAMPLE, Verb.RECORD_VISIT})
# Sheets come back on paper only while the jury scores.
PAPER = frozenset({Verb.KEY_PAPER, Verb.SETTLE_PAPER})
# A certificate outlives its round: it is replaced or revoked while it is valid, each with its document; the ceremony
# may come long after the publication.
CERTIFY = frozenset({Verb.RECORD_ORDER, Verb.REISSUE, Verb.REVOKE, Verb.HOLD_CEREMONY})

# A judge may practise from being seated until judging closes.
REHEARSE = frozenset({Verb.PRACTISE})

TABLE: Mapping[Phase, Mapping[Party, frozenset[Verb]]] = {
    Phase.DRAFT: {S: SET_UP | {Verb.EDIT_RULES}, J: REHEARSE},
    Phase.REGISTRATION: {
        F: frozenset({Verb.REGISTER, Verb.EDIT_DOSSIER, Verb.SUBMIT, Verb.WITHDRAW, Verb.ANSWER_SUPPLEMENT}),
        S: SET_UP | SCREEN | ASSIST | {Verb.EDIT_RULES, Verb.ACCEPT_NOMINATION},
        J: REHEARSE,
    },
    Phase.CHECKING: {
        F: frozenset({Verb.EDIT_DOSSIER, Verb.WITHDRAW, Verb.ANSWER_SUPPLEMENT, Verb.SUBMIT}),
        S: SET_UP | SCREEN | ON_SITE | CARRY_ON | {Verb.EDIT_RULES, Verb.ASSIGN, Verb.ACCEPT_NOMINATION, Verb.AGREE_LIST},
        CC: frozenset({Verb.AGREE_LIST}),
        J: REHEARSE,
    },
    Phase.JUDGING: {
        S: ON_SITE | PAPER | {Verb.MOVE_PHASE, Verb.EDIT_COUNCIL, Verb.ASSIGN, Verb.PLAN_SESSION, Verb.END_SESSIONS},
        J: frozenset({Verb.DECLARE_CONFLICT, Verb.SAVE_SHEET, Verb.SIGN_SHEET, Verb.PRACTISE}),
        PC: frozenset({Verb.RULE_CONFLICT, Verb.REOPEN_SHEET, Verb.RULE_VISIT, Verb.SETTLE_PAPER})
        | {Verb.SETTLE_DISCREPANCY, Verb.CLOSE_STAGE},
    },
    Phase.DELIBERATION: {
        S: ON_SITE
        | {Verb.MOVE_PHASE, Verb.EDIT_COUNCIL, Verb.COMPUTE, Verb.MERGE, Verb.PLAN_SESSION}
        | {Verb.RECORD_ORDER, Verb.PUBLISH, Verb.PROPOSE_RESCORING, Verb.END_SESSIONS},
        PC: frozenset({Verb.PROPOSE_RESCORING, Verb.SETTLE_RESCORING, Verb.RULE_VISIT, Verb.SETTLE_DISCREPANCY}),
        C: frozenset({Verb.VOTE}),
        CC: frozenset({Verb.DECIDE, Verb.NOMINATE}),
    },
    Phase.PUBLISHED: {
        F: frozenset({Verb.COMPLAIN}),
        S: CERTIFY
        | {Verb.MOVE_PHASE, Verb.ISSUE, Verb.NOMINATE, Verb.ANSWER_COMPLAINT, Verb.MOVE_SAMPLE, Verb.PROPOSE_RESCORING},
        # Only out of a complaint; what was published stays (decision 0014).
        PC: frozenset({Verb.SETTLE_RESCORING}),
    },
    Phase.ARCHIVED: {S: CERTIFY | {Verb.ANSWER_COMPLAINT, Verb.MOVE_SAMPLE}},
}

NEXT: Mapping[Phase, tuple[Phase, ...]] = {
    Phase.DRAFT: (Phase.REGISTRATION,),
    Phase.REGISTRATION: (Phase.CHECKING,),
    Phase.CHECKING: (Phase.JUDGING, Phase.REGISTRATION),
    Phase.JUDGING: (Phase.DELIBERATION,),
    Phase.DELIBERATION: (Phase.PUBLISHED,),
    Phase.PUBLISHED: (Phase.ARCHIVED,),
    Phase.ARCHIVED: (),
}

FROZEN_FROM = Phase.JUDGING


def allows(phase: Phase, party: Party, verb: Verb) -> bool:
    """True if the table lets ``party`` do ``verb`` while the round is in ``phase``."""
    return verb in TABLE[phase].get(party, frozenset())


def may_follow(current: Phase, following: Phase) -> bool:
    """True if a round in ``current`` may be moved to ``following``."""
    return following in NEXT[current]


def is_frozen(phase: Phase) -> bool:
    """True once rules, rubric and roster can no longer change."""
    order = list(Phase)
    return order.index(phase) >= order.index(FROZEN_FROM)
