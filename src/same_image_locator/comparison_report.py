"""What ``sil compare`` tells of two files: as text for people, as JSON for other programs."""

from collections.abc import Iterator

from same_image_locator.model import HASH_BITS, Facts
from same_image_locator.similar.comparison import Comparison
from same_image_locator.similar.evidence import Evidence
from same_image_locator.similar.verdict import NEEDED, RULES, Shares
from same_image_locator.wording import printable

_VERSION = 1
_TIERS = {
    "identical": "identical: the same bytes",
    "same pixels": "the same pixels, stored in another way",
    "same picture": "the same picture, verified",
    "series": "another shot of a series",
    "similar": "not the same picture, as far as can be told",
}


def as_text(one: str, other: str, found: Comparison) -> str:
    """Return both files, what they are to each other, and why."""
    return "\n".join(_lines(one, other, found))


def as_json(one: str, other: str, found: Comparison) -> str:
    """Return the report as ASCII JSON."""
    import json

    seen = found.seen
    report = {
        "version": _VERSION,
        "files": [
            {"path": path, **facts._asdict()}
            for path, facts in zip((one, other), found.facts, strict=True)
        ],
        "tier": found.verdict.tier,
        "same": found.verdict.same,
        "certainty": found.verdict.certainty,
        "changes": found.verdict.changes.words(),
        "distances": {
            "signature": found.distance,
            "ahash": found.bits[0],
            "phash": found.bits[1],
        },
        "keypoints": found.support,
        "evidence": _evidence(seen) if seen else None,
        "reencoded": found.reencoded,
        "closer": found.closer,
        "exposures": found.exposures,
        "rules": {
            name: [
                {
                    **_named(proof.fine, proof.coarse),
                    "unless_unlike": proof.unless_unlike,
                    "if_written": proof.if_written,
                }
                for proof in proofs
            ]
            for name, proofs in RULES.items()
        },
    }
    return json.dumps(report, indent=1)


def _evidence(seen: Evidence) -> dict[str, object]:
    told: dict[str, object] = {"greys": seen.greys, "overlap": seen.overlap, "unlike": seen.unlike}
    told |= {"written": seen.written, "filled": seen.filled}
    return {**told, **_named(seen.fine, seen.coarse)}


def _named(fine: Shares, coarse: Shares) -> dict[str, dict[str, float]]:
    return {"details": fine._asdict(), "coarser": coarse._asdict()}


def _lines(one: str, other: str, found: Comparison) -> Iterator[str]:
    for name, path, facts in zip("AB", (one, other), found.facts, strict=True):
        yield f"{name}  {printable(path)}: {_facts(facts)}"
    verdict, changes = found.verdict, found.verdict.changes.words()
    yield ""
    yield _TIERS[verdict.tier] + (f"; B is A {changes}" if changes and verdict.certainty else "")
    if verdict.tier == "series" and not verdict.certainty:
        yield f"  B was {changes}"
    average, low = found.bits
    yield f"  perceptual hashes  aHash {average}, pHash {low} of {HASH_BITS} bits apart"
    yield f"  signatures         {_signatures(found)}"
    yield f"  one on the other   {_laid(found)}"
    if found.seen is not None:
        yield f"  shared details     {_shared(found.seen.fine)}"
        yield f"  coarser details    {_shared(found.seen.coarse)}"
        yield f"  greys              correlate by {found.seen.greys:.2f}"
        if found.seen.unlike:
            yield "  differences        all over and of any size, as between two pictures"
        if found.seen.written:
            yield "  differences        as of one ink that was laid over one of them"
        if found.seen.filled:
            yield "  differences        as of two pages of one layout, of which each says its own"
    yield from _told_by_the_files(found)
    yield f"  rules met          {_rules(verdict.certainty)}"


def _told_by_the_files(found: Comparison) -> Iterator[str]:
    """Yield what the small pictures do not show, where it has decided."""
    if found.reencoded:
        yield "  blocks             the same, once the better one is compressed as the poor one is"
    if found.closer:
        yield "  larger pictures    share enough more to be the same"
    if found.exposures:
        yield "  larger pictures    have noise of their own each: they are two exposures"


def _shared(shares: Shares) -> str:
    most, half, third = (f"{share:.2f}" for share in shares)
    return f"{most} in two thirds of the tiles, {half} in half, {third} in a third"


def _rules(certainty: int) -> str:
    """Return which strictnesses the pair satisfies: each takes all that a stricter one takes."""
    return ", ".join(list(NEEDED)[:certainty]) or "none"


def _facts(facts: Facts) -> str:
    parts = [f"{facts.width} x {facts.height}", facts.format]
    if facts.quality:
        parts.append(f"quality {facts.quality}")
    if facts.taken_at:
        parts.append(f"taken {facts.taken_at}")
    return ", ".join(parts)


def _signatures(found: Comparison) -> str:
    if found.distance is None:
        return "too far apart to be candidates in any view or window"
    return f"{found.distance:.2f} apart in their nearest views or windows"


def _laid(found: Comparison) -> str:
    if found.seen is None:
        return "nothing tells how one could lie on the other"
    if found.support:
        return f"{found.support} keypoints agree how"
    return "as the signatures agree"
