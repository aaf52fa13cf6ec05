"""Drawn photographs that teach where things stand, how large they are there, which shadow and colour they take."""

from .scene import Scenes, scene, scene_group, scene_groups

__all__ = ["Scenes", "scene", "scene_group", "scene_groups"]
