"""The schedulers of diffusers that a person can choose from."""

from __future__ import annotations

# Each a class of diffusers and what it is made with; None: the one that came with the pipeline.
SCHEDULERS: dict[str, tuple[str, dict] | None] = {
    "the pipeline's own": None,
    "Euler": ("EulerDiscreteScheduler", {}),
    "Euler ancestral": ("EulerAncestralDiscreteScheduler", {}),
    "DDIM": ("DDIMScheduler", {}),
    "DPM++ 2M": ("DPMSolverMultistepScheduler", {}),
    "DPM++ 2M Karras": ("DPMSolverMultistepScheduler", {"use_karras_sigmas": True}),
    "UniPC": ("UniPCMultistepScheduler", {}),
    "Heun": ("HeunDiscreteScheduler", {}),
    "LCM": ("LCMScheduler", {}),
    "flow Euler": ("FlowMatchEulerDiscreteScheduler", {}),
    "flow Heun": ("FlowMatchHeunDiscreteScheduler", {}),
}
OWN = next(iter(SCHEDULERS))
