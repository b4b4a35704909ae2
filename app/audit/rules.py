"""The audit vocabulary and the arithmetic of its hash chain.

A verb is `<noun>.<past tense>`; a new act gets a new verb, never a reused one.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

GENESIS = "0" * 64
WORD = 255
"""Signs of the longest id, word or origin in an entry's detail."""


class Verb(StrEnum):
    """Everything that is worth an entry."""

    STAFF_CREATED = "staff.created"
    STAFF_DEACTIVATED = "staff.deactivated"
    STAFF_FACTOR_RESET = "staff.factor_reset"
    STAFF_LOGGED_IN = "staff.logged_in"
    STAFF_LOG_IN_FAILED = "staff.log_in_failed"
    STAFF_LOGGED_OUT = "staff.logged_out"
    STORY_SUBMITTED = "story.submitted"
    STORY_RESUBMITTED = "story.resubmitted"
    STORY_VIEWED = "story.viewed"
    STORY_CLAIMED = "story.claimed"
    STORY_CLAIM_LENGTHENED = "story.claim_lengthened"
    STORY_CLAIM_RELEASED = "story.claim_released"
    STORY_CLAIM_BROKEN = "story.claim_broken"
    STORY_APPROVED = "story.approved"
    STORY_CHANGES_ASKED = "story.changes_asked"
    STORY_DECLINED = "story.declined"
    STORY_OBJECTED = "story.objected"
    STORY_REOPENED = "story.reopened"
    STORY_HIDDEN = "story.hidden"
    STORY_SHOWN_AGAIN = "story.shown_again"
    STORY_ERASE_ASKED = "story.erase_asked"
    STORY_ERASE_UNDONE = "story.erase_undone"
    STORY_ERASED = "story.erased"
    STORY_CORRECTED = "story.corrected"
    HELP_ASKED = "help.asked"
    VERSION_DERIVED = "version.derived"
    FINAL_ACCEPTED = "story.final_accepted"
    FINAL_REFUSED = "story.final_refused"
    MESSAGE_WRITTEN = "message.written"
    PREVIEW_OPENED = "preview.opened"
    ANSWERS_GIVEN = "answers.given"
    CONSENT_LINK_SENT = "consent_link.sent"
    CONSENT_NOTICE_SENT = "consent_notice.sent"
    REFERENCE_LOOKED_UP = "reference.looked_up"
    GUARDIAN_NAMED = "guardian.named"
    GUARDIAN_DISCLAIMED = "guardian.disclaimed"
    GUARDIAN_ADDRESS_WITHDRAWN = "guardian.address_withdrawn"
    GUARDIAN_REPLACED = "guardian.replaced"
    GUARDIAN_READDRESSED = "guardian.readdressed"
    GUARDIAN_DOUBTED = "guardian.doubted"
    GUARDIAN_DOUBT_READ = "guardian.doubt_read"
    GUARDIAN_LEFT_OUT = "guardian.left_out"
    GUARDIAN_KEPT = "guardian.kept"
    EVIDENCE_TAKEN = "evidence.taken"
    EVIDENCE_VIEWED = "evidence.viewed"
    EVIDENCE_OPENED = "evidence.opened"
    EVIDENCE_ACCEPTED = "evidence.accepted"
    EVIDENCE_ASKED_AGAIN = "evidence.asked_again"
    PARENT_DECLARED = "parent.declared"
    ACT_NOTED = "act.noted"
    ACT_OPENED = "act.opened"
    ACT_ACCEPTED = "act.accepted"
    ACT_REFUSED = "act.refused"
    ACT_ENDED = "act.ended"
    MAJORITY_TOLD = "majority.told"
    CARD_ASKED_FOR = "card.asked_for"
    CARD_VOUCHED = "card.vouched"
    CARD_APPROVED = "card.approved"
    CARD_REISSUED = "card.reissued"
    STORY_SUSPENDED = "story.suspended"
    SUSPENSION_VIEWED = "suspension.viewed"
    SUSPENSION_DECIDED = "suspension.decided"
    STORY_TAKEN_ALONG = "story.taken_along"
    CONSENT_EXPORTED = "consent.exported"
    CASE_OPENED = "case.opened"
    CASE_VIEWED = "case.viewed"
    CASE_CLOSED = "case.closed"
    CAMPAIGN_SAVED = "campaign.saved"
    CAMPAIGN_CREATED = "campaign.created"
    CAMPAIGN_CHANGED = "campaign.changed"
    CAMPAIGN_ANNOUNCED = "campaign.announced"
    CAMPAIGN_HERO_CHOSEN = "campaign.hero_chosen"
    CAMPAIGN_SITES_SET = "campaign.sites_set"
    BLOCK_ADDED = "block.added"
    BLOCK_CHANGED = "block.changed"
    BLOCK_MOVED = "block.moved"
    BLOCK_REMOVED = "block.removed"
    BLOCK_FILLED = "block.filled"
    BLOCK_STORY_CHOSEN = "block.story_chosen"
    BLOCK_STORY_UNCHOSEN = "block.story_unchosen"
    BLOCK_STORY_MOVED = "block.story_moved"
    WORDS_WRITTEN = "words.written"
    WORDS_CHECKED = "words.checked"
    WORDS_SENT_BACK = "words.sent_back"
    WORDS_TAKEN_OFF = "words.taken_off"
    WORDS_REFUSED = "words.refused"
    THEMES_SET = "themes.set"
    TEXT_PUBLISHED = "text.published"
    SITE_SAVED = "site.saved"
    SITE_KEY_READ = "site.key_read"
    SITE_KEY_ROTATED = "site.key_rotated"
    SITE_REMOVED = "site.removed"
    KEYS_ROTATED = "keys.rotated"
    BACKUP_STARTED = "backup.started"
    BACKUP_RESTORED = "backup.restored"
    AUDIT_READ = "audit.read"
    AUDIT_VERIFIED = "audit.verified"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as the chain sees it; `actor` and `subject` are ids or role names, never names of people."""

    seq: int
    at: datetime
    actor: str
    verb: str
    subject: str
    detail: dict[str, Any]
    previous: str
    digest: str


def says_something(detail: dict[str, Any]) -> bool:
    """Whether a detail holds a sentence that somebody wrote: what is in the log stays for ever, and in every copy."""
    return any(
        isinstance(value, str) and (len(value) > WORD or not value.isprintable() or " " in value)
        for value in detail.values()
    )


def digest(seq: int, at: datetime, actor: str, verb: str, subject: str, detail: dict[str, Any], previous: str) -> str:
    """SHA-256 (hex) over every field of an entry and the digest of the entry before it."""
    body = [seq, at.isoformat(timespec="microseconds"), actor, verb, subject, detail, previous]
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def first_broken(
    entries: Iterable[Entry], head: tuple[int, str], pinned: Mapping[int, str] | None = None
) -> int | None:
    """The sequence number of the first entry that was changed, moved, added or lost; None when all hold.

    `head` is the (seq, digest) that the last entry must have, so an end that was cut off is noticed too; where the head
    was set back with it, only `pinned` can tell: digests that were written down elsewhere, by sequence number. Where a
    chain that holds is another than theirs, it was made anew from some entry after the last one that agrees, and the
    first of those is named.
    """
    seq, previous = 0, GENESIS
    pinned, agreed = pinned or {}, 0
    for entry in entries:
        seq += 1
        expected = digest(seq, entry.at, entry.actor, entry.verb, entry.subject, entry.detail, previous)
        if entry.seq != seq or entry.previous != previous or entry.digest != expected:
            return seq
        previous = entry.digest
        if pinned.get(seq, previous) != previous:
            return agreed + 1
        agreed = seq if seq in pinned else agreed
    return None if (seq, previous) == head and max(pinned, default=0) <= seq else seq + 1
