"""Troupe for ComfyUI: training data for LoRAs of new characters."""


async def comfy_entrypoint():
    """Called by the host; nothing of the pack is imported before."""
    from .nodes import TroupeExtension

    return TroupeExtension()
