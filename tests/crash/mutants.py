"""The protocol with one barrier, one order or one check taken out: the campaign must notice.

Each mutant is a patch that holds for as long as its campaign; the program has no switch for any
of them. What a mutant leaves out is named by what the protocol does.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from crash import mutant_patches as without
from crash.mutant_patches import Patch, instead
from crash.sim_disk import SimKernel
from same_image_locator import aftercare, resume, session, settle, stage
from same_image_locator.journal import Journal, acts, copies, lasting, log, sidecars
from same_image_locator.journal.carry import Carrier
from same_image_locator.plans import ActKind
from same_image_locator.session import Session


@dataclass(frozen=True)
class Mutant:
    """One thing left out; ``lives`` are those that can show it.

    ``spare`` says why nothing can be lost without it: it is kept as belt and braces, and the
    campaign must not notice. All others must be caught.
    """

    name: str
    patch: Patch
    lives: tuple[str, ...]
    spare: str = ""
    worlds: tuple[int, ...] = (8, 0, 1, 4)


_FAR_STAGE, _FAR_SETTLE = ("copies: stage, undo",), ("copies: stage, settle, undo",)
_BAD_COPIES, _UNPLUGGED = ("copies: they come out wrong",), ("copies: a drive is missing",)
_ALONE = (4, 0, 1)  # worlds without companions
_SIDECARS, _CHANGED_SIDECARS = ("sidecars, names taken",), ("sidecars, edited",)
_TRASH, _BAD_TRASH = ("rejects to the trash",), ("the trash deletes",)
_STAGE, _SETTLE = ("stage, undo",), ("stage, settle, undo",)
_NAMES = ("names taken, settle, undo", "names taken, undo", "settle, names taken, undo")
_PURGE = ("stage, settle, purge",)
_SPOILT = ("a reject is no copy",)
_EDITED = ("a set-aside file is edited",)
_LOST_KEPT = ("a kept file is edited",)

_ALL: Sequence[Mutant] = (
    # Barriers.
    Mutant(
        "the journal is not synced",
        instead(SimKernel, "sync_file", without.unsynced_journal),
        _STAGE,
    ),
    Mutant(
        "the entry of a new journal is not synced",
        without.unsynced_entry,
        _STAGE,
        spare="the barrier behind a stage's folders syncs the decision folder before any move",
    ),
    Mutant(
        "the decision folder's parent is not synced",
        instead(lasting, "make_decision_folder", without.unsynced_decision_folder),
        _STAGE,
    ),
    Mutant(
        "a decision folder that is there is taken to be on the disk",
        instead(lasting, "make_decision_folder", without.synced_only_when_new),
        _STAGE,
        worlds=(0, 7, 9, 11),
    ),
    Mutant(
        "no barrier between a stage's folders and its moves",
        without.no_barrier("stage", ActKind.MAKE_FOLDER),
        _STAGE,
    ),
    Mutant(
        "no barrier behind a stage's moves",
        without.no_barrier("stage", ActKind.STAGE),
        (*_STAGE, *_SETTLE),
    ),
    Mutant(
        "no barrier between homecoming and proof",
        without.no_barrier("settle", ActKind.BRING_HOME),
        _SETTLE,
    ),
    Mutant(
        "no barrier behind setting aside", without.no_barrier("settle", ActKind.SET_ASIDE), _SETTLE
    ),
    Mutant(
        "no barrier behind tidying", without.no_barrier("settle", ActKind.REMOVE_FOLDER), _SETTLE
    ),
    Mutant("no barrier behind an undo", without.no_barrier("undo", ActKind.BRING_HOME), _STAGE),
    Mutant(
        "no barrier behind an undo's tidying",
        without.no_barrier("undo", ActKind.REMOVE_FOLDER),
        _SETTLE,
    ),
    Mutant(
        "no barrier behind a purge",
        without.no_barrier("purge", ActKind.PURGE),
        _PURGE,
        spare="the folder of what is purged goes next, and that is synced",
    ),
    Mutant(
        "no barrier behind a purge's tidying",
        without.no_barrier("purge", ActKind.REMOVE_FOLDER),
        _PURGE,
    ),
    Mutant("no barrier behind taking back", without.no_barrier("settle"), _SPOILT),
    Mutant(
        "no barrier between taking back and tidying",
        instead(Carrier, "backward", without.backward_at_once),
        ("a photo may not be moved",),
    ),
    Mutant(
        "recovery builds on a journal that was not synced",
        instead(log.Log, "make_lasting", without.nothing),
        _SETTLE,
    ),
    Mutant(
        "the folder goes by a journal that was not synced",
        instead(Journal, "close", without.close_unsynced),
        ("copies: stage, settle, purge",),
        worlds=(33, 45),  # where nothing but a reference is kept
    ),
    Mutant(
        "recovery builds on folders that were not synced",
        instead(lasting, "sync_folders", without.nothing),
        _SETTLE,
    ),
    Mutant(
        "a replaced text is not synced",
        instead(SimKernel, "replace", without.unsynced_replace),
        _STAGE,
        spare="no text is needed: the journal holds all of it; an empty one starts a review afresh",
    ),
    # Orders.
    Mutant("a plan is announced after its moves", without.announced_after_the_moves, _STAGE),
    Mutant("done is told before its barrier", without.done_before_its_barrier, (*_STAGE, *_SETTLE)),
    Mutant(
        "rejects leave before the kept are home",
        instead(settle, "plan_settle", without.rejects_first),
        _SPOILT,
    ),
    Mutant(
        "a settle in one phase",
        instead(settle, "plan_settle", without.all_in_one_phase),
        _SETTLE,
    ),
    Mutant("another name is told after its move", without.renamed_before_told, _NAMES),
    Mutant(
        "the journal goes first at the end",
        instead(Journal, "close", without.close_journal_first),
        _LOST_KEPT,
    ),
    # Checks.
    Mutant("kept files are not read again", instead(acts, "verify", without.nothing), _SPOILT),
    Mutant(
        "rejects are not compared",
        instead(acts, "verify", without.verify_without_copy),
        _SPOILT,
    ),
    Mutant(
        "a changed file is taken for the same",
        instead(acts, "matches", lambda *_: True),
        _EDITED,
    ),
    Mutant("a move replaces", instead(acts, "move", without.move_over), _NAMES),
    Mutant(
        "a purge without a witness",
        instead(aftercare, "plan_purge", without.purge_without_witness),
        _LOST_KEPT,
    ),
    Mutant(
        "a half-written line is believed",
        instead(log, "_record", without.believing),
        _STAGE,
    ),
    Mutant(
        "a half-written line is not cut off",
        instead(log.Log, "_cut", without.nothing),
        _STAGE,
    ),
    # The copy route.
    Mutant(
        "a copy is published before it is synced",
        instead(copies, "_publish", without.published_unsynced),
        _FAR_STAGE,
    ),
    Mutant(
        "a copy is not read back",
        instead(copies, "_publish", without.published_unread),
        _BAD_COPIES,
    ),
    Mutant(
        "a copy has its name before it is whole",
        instead(copies, "_publish", without.published_half),
        _FAR_STAGE,
    ),
    Mutant(
        "photos are held before their copies are proven",
        instead(stage, "plan_stage", without.copied_when_held),
        (*_FAR_STAGE, *_BAD_COPIES),
        spare="a copy that is refused takes the moves back; no photo is moved in vain, that is all",
    ),
    Mutant(
        "copies outlive their group",
        instead(settle, "plan_settle", without.shown_to_the_last),
        _FAR_SETTLE,
    ),
    Mutant(
        "no barrier in the hold",
        instead(Journal, "_barrier", without.barrier_but_for_the_hold),
        (*_FAR_STAGE, *_FAR_SETTLE),
    ),
    Mutant(
        "the journal goes though photos are held",
        instead(Journal, "close", without.close_despite_the_hold),
        ("copies: one set aside is edited",),
    ),
    Mutant(
        "the end of the hold is not synced before that of the journal",
        instead(Journal, "close", without.close_forgetting_the_root),
        _FAR_STAGE,
    ),
    Mutant(
        "recovery without the drive of the photos",
        instead(session, "check_drive", without.nothing),
        _UNPLUGGED,
    ),
    # Sidecars.
    Mutant(
        "no barrier behind new sidecars",
        without.no_barrier("settle", ActKind.WRITE_SIDECAR),
        _SIDECARS,
        spare="a rename is whole, and the folder that a sidecar came from is synced next",
    ),
    Mutant(
        "a sidecar gets its name before it is synced",
        instead(sidecars, "write", without.sidecar_unsynced),
        _SIDECARS,
        worlds=_ALONE,
    ),
    Mutant(
        "a sidecar gets its name before it is whole",
        instead(sidecars, "write", without.sidecar_half),
        _SIDECARS,
        worlds=_ALONE,
    ),
    Mutant(
        "an undo removes a sidecar that was changed",
        instead(sidecars, "remove", without.sidecar_removed_unread),
        _CHANGED_SIDECARS,
        worlds=_ALONE,
    ),
    Mutant(
        "taking back leaves a sidecar",
        instead(Carrier, "_unwrite", without.nothing),
        ("sidecars, a reject is edited",),
        worlds=_ALONE,
    ),
    # The trash.
    Mutant(
        "the trash is believed without proof",
        instead(acts, "trash", without.trashed_without_proof),
        _BAD_TRASH,
    ),
    Mutant(
        "what is proven of the trash is not synced",
        instead(acts, "trash", without.trashed_without_sync),
        _TRASH,
    ),
    # Recovery.
    Mutant(
        "recovery does not go on",
        instead(Journal, "recover", without.recover_nothing),
        _SETTLE,
    ),
    Mutant(
        "recovery goes on where a plan was being taken back",
        instead(Journal, "recover", without.recover_forward_only),
        _SPOILT,
        spare="what refused the plan refuses it again, and it is taken back then",
    ),
    Mutant(
        "recovery forgets other names",
        instead(Journal, "recover", without.recover_forgetting_names),
        _NAMES,
    ),
    Mutant(
        "a finished move is not recognised",
        instead(acts, "_there_already", lambda *_: False),
        _STAGE,
    ),
    Mutant(
        "taking back moves nothing",
        instead(Carrier, "_take_back", without.nothing),
        _SPOILT,
    ),
    Mutant(
        "an interrupted staging counts as whole",
        instead(Session, "staging_was_interrupted", False),
        _STAGE,
    ),
    Mutant(
        "facts are read from the unsynced text",
        instead(resume, "_text_in_journal", without.text_only_on_the_disk),
        _SETTLE,
    ),
)

MUTANTS = tuple(one for one in _ALL if not one.spare)
SPARE = tuple(one for one in _ALL if one.spare)
