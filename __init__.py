"""Troupe for ComfyUI: training data for LoRAs of new characters, and compositing without a given position."""


async def comfy_entrypoint():
    """Called by the host; nothing of the pack is imported before."""
    from .nodes import TroupeExtension

    return TroupeExtension()
