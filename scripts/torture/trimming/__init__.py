"""A node for a host under test: memory that was freed, and kept by the allocator, goes back to the system (glibc)."""

import ctypes
import gc


class Trim:
    CATEGORY, FUNCTION, OUTPUT_NODE, RETURN_TYPES = "torture", "trim", True, ()

    @classmethod
    def INPUT_TYPES(cls):
        return {"required": {}}

    @classmethod
    def IS_CHANGED(cls):
        return float("nan")  # unlike itself: it runs every time

    def trim(self):
        gc.collect()
        hand_back = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if hand_back:
            hand_back(0)
        return {}


NODE_CLASS_MAPPINGS = {"TortureTrim": Trim}
