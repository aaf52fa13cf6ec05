"""What a person should know before the training: one-sided sets, drift, rules that fit nothing, triggers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from .findings import Findings
from .lexicon import lexicon
from .rules import ASK, WARNED
from .trigger import trigger_warnings


def warnings_of(findings: Findings) -> tuple[str, ...]:
    return (
        *trigger_warnings(findings.triggers),
        *_one_sided(findings),
        *_unanswered(findings),
        *_restyle(findings),
        *_one_style(findings),
        *_own_captions(findings),
        *_idle_rules(findings),
    )


def hints_of(findings: Findings) -> tuple[str, ...]:
    """What the report cannot say, and what would let it."""
    twins = findings.evidence.twins
    if not twins.unseen:
        return ()
    which = f"the {twins.unseen} redrawn pictures"
    if twins.pairs:
        which = f"{twins.unseen} of {twins.unseen + twins.pairs} redrawn pictures"
    return (
        f"Nobody has looked at {which} since they were drawn, so nothing is said about what the restyle kept or "
        "changed in them. Put a Describe behind it to find out.",
    )


def _one_sided(findings: Findings) -> Iterator[str]:
    """One warning for each feature, naming its characters."""
    rows = defaultdict(list)
    for d in findings.decisions:
        if d.decision == WARNED:
            rows[d.slot, d.tag].append(d)
    like = {(t.slot, t.tag): t.like for t in findings.evidence.traits}
    remedies = lexicon()["remedies"]
    for (slot, tag), found in rows.items():
        whom = ", ".join(f"{d.character} ({d.agree} of {d.observable})" for d in found[:5])
        more = f" and {len(found) - 5} more" if len(found) > 5 else ""
        remedy = remedies.get(like[slot, tag], remedies[""])
        yield f'One-sided set: "{tag}" in nearly every picture of {whom}{more}; the trigger will learn it. {remedy}'


def _unanswered(findings: Findings) -> Iterator[str]:
    asked = [f"{d.tag} ({d.character})" for d in findings.decisions if d.decision == ASK]
    if asked:
        more = f" and {len(asked) - 8} more" if len(asked) > 8 else ""
        yield (
            f"For you to decide, kept in captions until then: {', '.join(asked[:8])}{more}. "
            "Name what is the character under force target, the rest under always keep."
        )


def _restyle(findings: Findings) -> Iterator[str]:
    twins = findings.evidence.twins
    for trait, (times, pairs) in twins.lost.items():
        tag = findings.evidence.traits[trait].tag
        yield f'The restyle took "{tag}" away in {times} of {pairs} pictures that were looked at again.'
    drifts = findings.told.drifts
    if drifts.pictures:
        slots = sorted(drifts.slots.items(), key=lambda item: (-item[1], item[0]))[:4]
        told = ", ".join(f"{slot} {n}" for slot, n in slots)
        yield (
            f"Drift: the restyle changed {drifts.pictures} of {twins.pairs} pictures in ways of their own ({told}). "
            "The report names each; redo or reject them."
        )


def _one_style(findings: Findings) -> Iterator[str]:
    styles = findings.told.styles
    if len(styles) == 1 and "" not in styles and findings.settings.style_tags == "leave out":
        yield (
            f'All pictures are in one style, "{min(styles)}", and no caption names it: the LoRA learns it with the '
            "character. Let captions name the style, or mix in other styles or the originals."
        )


def _own_captions(findings: Findings) -> Iterator[str]:
    _, odd, leaking, outdated, twice = findings.told.own
    if odd.total:
        yield (
            f"{odd.total} captions of yours do not have the trigger word as it is written here "
            f"({', '.join(odd.first[:3])}); they are left as they are."
        )
    if leaking.total:
        yield (
            f"{leaking.total} captions of yours name what the trigger word should learn "
            f"({', '.join(leaking.first[:3])}); they are left as they are."
        )
    if outdated.total:
        yield (
            f"{outdated.total} captions of yours name what the restyle repainted ({'; '.join(outdated.first[:3])}); "
            "they are left as they are, and teach what their pictures no longer show."
        )
    if twice.total:
        yield f"{twice.total} captions of yours say the trigger word more than once ({', '.join(twice.first[:3])})."


def _idle_rules(findings: Findings) -> Iterator[str]:
    traits = findings.evidence.traits
    used = {(d.slot, d.value) for d in findings.decisions}
    for name, patterns in zip(("never write", "always keep", "force target"), findings.overrides, strict=True):
        for pattern in patterns:
            fits = (t for t in traits if pattern.fits((t.slot, t.like), t.value, t.tag))
            if not any((t.slot, t.value) in used for t in fits):
                yield f'{name}: "{pattern.text}" fits nothing in this set.'
    both = [p.text for p in findings.overrides.force if p in findings.overrides.keep]
    if both:
        yield f"Under always keep and under force target: {', '.join(both)}. They are kept."
