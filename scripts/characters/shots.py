"""The list of sample pictures: every angle, action, shot and mood is covered for both characters."""

from __future__ import annotations

from .picture import Shot

# Sizes that LoRA trainers use without cutting: multiples of 64 pixels.
TALL, TALLER, WIDE, SQUARE, SLIM = (448, 576), (384, 640), (576, 448), (448, 448), (384, 576)
F, T, S, B = "front", "three-quarter", "side", "back"


def _row(angle: str, yaw: float, action: str, pose: str, shot: str, mood: str, backdrop: str, size: tuple[int, int], nudge: tuple[float, float] = (0, 0), caption: str = "") -> Shot:
    """A table row; a backdrop is a scene name, or a pattern with its colours after colons."""
    name, *colours = backdrop.split(":")
    return Shot(angle, yaw, action, pose, shot, mood, name, tuple(colours), size, nudge, caption)


MIRA = (
    _row(F, 0, "stand", "stand", "full", "", "halo:#efe6d8:#f7f1e6", TALLER, caption="Mira stands facing the viewer with her satchel, in front of a plain cream wall."),
    _row(T, 38, "stand", "stand-proud", "full", "smile", "park", TALL),
    _row(S, -90, "stand", "stand", "full", "", "gradient:#e8ddd6:#f4eee6", SLIM),
    _row(B, 180, "stand", "stand", "full", "", "dots:#efe3d0:#f7efe2", TALLER),
    _row(F, 0, "wave", "wave", "full", "smile", "street", TALL),
    _row(T, -38, "wave", "wave-high", "medium", "laugh", "stripes:#f3dccf:#f8e8de", SQUARE),
    _row(S, 90, "walk", "walk-on", "full", "", "checks:#f7f0e4:#ead4c6", TALL),
    _row(B, 180, "walk", "walk", "long", "", "street", WIDE, (0.06, 0), "Mira walks away down the street, seen from behind, a small figure between tall houses."),
    _row(T, -42, "run", "run", "full", "determined", "park", SQUARE),
    _row(S, -90, "run", "run-on", "long", "laugh", "seaside", WIDE, (0.10, 0)),
    _row(F, 0, "jump", "jump", "full", "laugh", "sky", TALLER),
    _row(T, 34, "jump", "jump-star", "full", "surprised", "sunburst:#f5e3c6:#f8ebd6", TALL),
    _row(F, 0, "sit", "sit", "full", "smile", "room", TALL),
    _row(T, -38, "sit", "sit", "full", "sleepy", "night", SQUARE),
    _row(S, 90, "sit", "sit-ease", "long", "", "garden", WIDE, (-0.10, 0)),
    _row(T, -32, "point", "point-ahead", "medium", "determined", "upright-stripes:#e9e2d4:#f1ebe0", WIDE),
    _row(F, 0, "point", "point-up", "medium", "wink", "leaves:#e8eadb:#d5dcc2", SQUARE),
    _row(F, 0, "think", "think", "medium", "think", "room", SQUARE),
    _row(T, -36, "think", "think", "close-up", "think", "plain:#e9dccf", SQUARE),
    _row(T, -30, "hold", "hold", "medium", "smile", "street", TALL, caption="Mira holds a parcel tied with coral string and smiles, three-quarter view."),
    _row(F, 0, "crouch", "crouch-look", "full", "surprised", "woods", SQUARE),
    _row(S, -90, "crouch", "crouch", "full", "", "waves:#ece6d9:#f4efe5", SQUARE),
    _row(F, 0, "stand", "stand", "close-up", "neutral", "plain:#eadfce", SQUARE),
    _row(F, 0, "stand", "stand-shy", "close-up", "laugh", "dots:#f4dccb:#f9eadf", TALL),
    _row(S, -90, "stand", "stand", "close-up", "smile", "gradient:#f0e2cf:#f8f1e4", TALL),
    _row(B, 180, "stand", "stand", "close-up", "", "waves:#ead9c8:#f2e6d9", SQUARE),
    _row(T, 38, "stand", "stand", "close-up", "surprised", "halo:#f0d9c6:#f7e8da", TALL),
    _row(B, 180, "wave", "wave-high", "medium", "", "seaside", SQUARE),
    _row(F, 0, "reach", "cheer", "long", "laugh", "meadow", WIDE, (-0.06, 0)),
    _row(F, 0, "stand", "stand-proud", "full", "determined", "clear", SLIM),
    _row(T, -38, "walk", "walk", "full", "smile", "clear", SLIM),
    _row(S, -90, "run", "run", "full", "determined", "clear", SQUARE),
    _row(B, 180, "hold", "hold", "full", "", "clear", SLIM),
)

BRAM = (
    _row(F, 0, "stand", "stand", "full", "", "halo:#dfe6dc:#ebf0e7", TALL, caption="Bram the red panda baker stands facing the viewer in a cream apron and a baker's cap."),
    _row(T, 38, "stand", "stand-shy", "full", "smile", "bakery", TALL),
    _row(S, -90, "stand", "stand", "full", "", "gradient:#d9e2e6:#edf1ef", TALL),
    _row(B, 180, "stand", "stand", "full", "", "checks:#f2f1ea:#cfdcd0", TALL),
    _row(F, 0, "wave", "wave", "full", "laugh", "garden", TALL),
    _row(T, -36, "wave", "wave-high", "medium", "smile", "dots:#d5e1e0:#e4ecea", SQUARE),
    _row(S, 90, "walk", "walk-on", "full", "", "stripes:#dce4dc:#e7ede5", SQUARE),
    _row(B, 180, "walk", "walk", "long", "", "woods", WIDE, (0.05, 0), "Bram walks away through the autumn wood, his ringed tail behind him."),
    _row(T, -40, "run", "run-on", "full", "determined", "street", SQUARE),
    _row(S, -90, "run", "run-on", "long", "laugh", "park", WIDE, (0.10, 0)),
    _row(F, 0, "jump", "jump", "full", "laugh", "sunburst:#d7e3e4:#e4ecec", TALLER),
    _row(T, 34, "jump", "jump-star", "full", "surprised", "sky", TALL),
    _row(F, 0, "sit", "sit", "full", "smile", "bakery", SQUARE),
    _row(T, -38, "sit", "sit-ease", "full", "sad", "night", SQUARE),
    _row(S, 90, "sit", "sit", "long", "", "seaside", WIDE, (-0.08, 0)),
    _row(T, -32, "point", "point-ahead", "medium", "determined", "waves:#d6e0e3:#e3eaeb", WIDE),
    _row(F, 0, "point", "point-up", "medium", "smile", "bakery", SQUARE),
    _row(F, 0, "think", "think", "medium", "think", "plain:#d8e2da", SQUARE),
    _row(T, -36, "think", "think", "close-up", "think", "stars:#d6dde6:#e3e8ee", SQUARE),
    _row(T, -30, "hold", "hold-low", "medium", "smile", "bakery", SQUARE, caption="Bram holds a fresh round loaf on a wooden board in his bakery."),
    _row(F, 0, "crouch", "crouch-look", "full", "surprised", "garden", SQUARE),
    _row(T, 38, "crouch", "crouch-look", "full", "", "upright-stripes:#dfe5e2:#e9eeeb", SQUARE),
    _row(F, 0, "stand", "stand", "close-up", "neutral", "plain:#cfdcd8", SQUARE),
    _row(F, 0, "stand", "stand-shy", "close-up", "laugh", "checks:#f3f0e8:#d3dfe4", SQUARE),
    _row(S, -90, "stand", "stand", "close-up", "smile", "gradient:#cfdde2:#e8eeec", SQUARE),
    _row(B, 180, "stand", "stand", "close-up", "", "dots:#d9e2d6:#e6ece3", TALL),
    _row(T, 38, "stand", "stand", "close-up", "surprised", "halo:#cbdadf:#dde7e9", SQUARE),
    _row(B, 180, "wave", "wave-high", "medium", "", "garden", SQUARE),
    _row(F, 0, "reach", "cheer", "long", "laugh", "room", WIDE, (-0.06, 0)),
    _row(F, 0, "wave", "wave-high", "full", "smile", "clear", TALL),
    _row(T, 38, "hold", "hold-low", "full", "laugh", "clear", TALL),
    _row(S, -90, "walk", "walk", "full", "smile", "clear", TALL),
    _row(B, 180, "stand", "stand-proud", "full", "", "clear", TALL),
)
