"""What became of a training, in words."""

from __future__ import annotations

from .session import Session


def training_report(session: Session) -> str:
    """Why it stopped, both losses, and whether the position was learnt."""
    trained, progressed = session.trained, session.trained.progressed
    why = {
        "converged": "Converged: total, position and composition loss on held-out groups have all become flat",
        "step limit": "Stopped at the step limit, before the held-out losses were known to be flat",
    }[trained.stopped]
    lines = [
        f"{why} ({progressed.step} steps, {len(session.split.trained)} groups trained on, "
        f"{len(session.split.heldout)} held out).",
        f"Held-out -log p of the true position: {trained.nll:.2f} nats; what is known without looking at the "
        f"pictures gives {trained.prior_nll:.2f}.",
    ]
    if not trained.position_learned:
        lines.append(
            "Position NOT learned: the network is no better than that. Use more groups, of more scenes, or start from "
            "the shipped model."
        )
    lines += [f"{name}: {value:.4g}" for name, value in session.story.figures]
    return "\n".join(lines)
