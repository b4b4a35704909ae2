"""Permissions as data: a vocabulary, and what each role may do. A permission is `<noun>.<verb>`."""

from enum import StrEnum


class Permission(StrEnum):
    """Everything a person may be allowed to do."""

    STORY_SUBMIT = "story.submit"
    STORY_RESUBMIT = "story.resubmit"
    STORY_OBJECT = "story.object"
    STORY_ERASE = "story.erase"
    STORY_REVIEW = "story.review"
    STORY_EXPIRE_CLAIM = "story.expire_claim"
    STORY_CORRECT = "story.correct"
    CONSENT_TAKE = "consent.take"
    CONSENT_RULE = "consent.rule"
    ACT_RULE = "act.rule"
    CARD_REISSUE = "card.reissue"
    CASE_OPEN = "case.open"
    CASE_HANDLE = "case.handle"
    CAMPAIGN_BUILD = "campaign.build"
    WORDS_WRITE = "words.write"
    WORDS_CHECK = "words.check"
    IMPACT_READ = "impact.read"
    AUDIT_READ = "audit.read"
    STAFF_AREA = "staff.area"


class Role(StrEnum):
    """Who somebody is to a story. The first three have no account; the clock is the worker's sweeper."""

    CHILD = "child"
    GUARDIAN = "guardian"
    CLOCK = "clock"
    FACILITATOR = "facilitator"
    MODERATOR = "moderator"
    SAFEGUARDING_LEAD = "safeguarding_lead"
    CURATOR = "curator"
    ADMINISTRATOR = "administrator"


STAFF_ROLES = (Role.FACILITATOR, Role.MODERATOR, Role.SAFEGUARDING_LEAD, Role.CURATOR, Role.ADMINISTRATOR)

ALLOWED: dict[Role, frozenset[Permission]] = {
    Role.CHILD: frozenset(
        {
            Permission.STORY_SUBMIT,
            Permission.STORY_RESUBMIT,
            Permission.STORY_CORRECT,
            Permission.STORY_OBJECT,
            Permission.STORY_ERASE,
        }
    ),
    Role.GUARDIAN: frozenset({Permission.STORY_ERASE}),
    Role.CLOCK: frozenset({Permission.STORY_EXPIRE_CLAIM, Permission.STORY_ERASE}),
    Role.FACILITATOR: frozenset(
        {
            Permission.STAFF_AREA,
            Permission.STORY_SUBMIT,
            Permission.STORY_RESUBMIT,
            Permission.CONSENT_TAKE,
            Permission.CONSENT_RULE,
            Permission.CARD_REISSUE,
        }
    ),
    Role.MODERATOR: frozenset(
        {Permission.STAFF_AREA, Permission.STORY_REVIEW, Permission.CASE_OPEN, Permission.WORDS_CHECK}
    ),
    Role.SAFEGUARDING_LEAD: frozenset(
        {
            Permission.STAFF_AREA,
            Permission.STORY_REVIEW,
            Permission.STORY_ERASE,
            Permission.CONSENT_RULE,
            Permission.ACT_RULE,
            Permission.CARD_REISSUE,
            Permission.CASE_OPEN,
            Permission.CASE_HANDLE,
            Permission.WORDS_CHECK,
        }
    ),
    Role.CURATOR: frozenset(
        {
            Permission.STAFF_AREA,
            Permission.CAMPAIGN_BUILD,
            Permission.WORDS_WRITE,
            Permission.WORDS_CHECK,
            Permission.IMPACT_READ,
        }
    ),
    Role.ADMINISTRATOR: frozenset({Permission.STAFF_AREA, Permission.IMPACT_READ, Permission.AUDIT_READ}),
}


def may(role: Role, permission: Permission) -> bool:
    """Whether somebody in `role` has `permission`."""
    return permission in ALLOWED[role]
