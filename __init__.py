"""Troupe for ComfyUI: training data for LoRAs of new characters, and compositing without a given position."""

WEB_DIRECTORY = "web"  # the help pages in docs/; under the folder's own name, as the graph editor asks for them


async def comfy_entrypoint():
    """Called by the host; nothing of the pack is imported before."""
    from .nodes import TroupeExtension

    return TroupeExtension()
