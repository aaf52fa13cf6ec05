"""Troupe's nodes: thin shells that speak ComfyUI on one side and call `models/` on the other."""

from __future__ import annotations

from comfy_api.latest import ComfyExtension, io
from typing_extensions import override


class TroupeExtension(ComfyExtension):
    @override
    async def get_node_list(self) -> list[type[io.ComfyNode]]:
        """In the order of the flow, which is also the order of the README."""
        from .adjust import Adjust
        from .advise import AdviseOnTrainingData
        from .backends.diffusers_stylizer import DiffusersStylizerLoader
        from .backends.edit_stylizer import EditStylizerLoader
        from .backends.measured_captioner import MeasuredCaptionerLoader
        from .backends.openclip_captioner import OpenCLIPCaptionerLoader
        from .backends.painterly_stylizer import PainterlyStylizerLoader
        from .backends.sampler_stylizer import SamplerStylizerLoader
        from .backends.vision_language_captioner import VisionLanguageCaptionerLoader
        from .bridges import SampleSetFromImages, SampleSetToImages, SetCaptions, SetImages, SetMasks
        from .check_consistency import CheckConsistency
        from .check_features import CheckFeatures
        from .check_structure import CheckStructure
        from .compositing.composite import Composite
        from .compositing.load_model import LoadCompositingModel
        from .compositing.load_samples import LoadCompositeSamples
        from .compositing.make_samples import MakeCompositeSamples
        from .compositing.predict_position import PredictPosition
        from .compositing.stage_sample_set import StageSampleSet
        from .compositing.train_model import TrainCompositingModel
        from .describe import Describe
        from .load_lora_dataset import LoadLoRADataset
        from .load_sample_set import LoadSampleSet
        from .map_styles import MapStyles
        from .preview_sample_set import PreviewSampleSet
        from .restyle import Restyle
        from .review_samples import ReviewSamples
        from .sharding.load import LoadSavedSampleSet
        from .sharding.merge import MergeSampleSetShards
        from .sharding.save import SaveSampleSet
        from .tag_features import TagFeatures
        from .write_edit_pairs import WriteEditPairs
        from .write_lora_dataset import WriteLoRADataset

        return [
            LoadSampleSet,
            LoadLoRADataset,
            MeasuredCaptionerLoader,
            OpenCLIPCaptionerLoader,
            VisionLanguageCaptionerLoader,
            Describe,
            MapStyles,
            PainterlyStylizerLoader,
            SamplerStylizerLoader,
            EditStylizerLoader,
            DiffusersStylizerLoader,
            Restyle,
            CheckStructure,
            CheckFeatures,
            CheckConsistency,
            Adjust,
            ReviewSamples,
            TagFeatures,
            AdviseOnTrainingData,
            WriteLoRADataset,
            WriteEditPairs,
            PreviewSampleSet,
            SampleSetFromImages,
            SampleSetToImages,
            SetImages,
            SetCaptions,
            SetMasks,
            MakeCompositeSamples,
            LoadCompositeSamples,
            TrainCompositingModel,
            LoadCompositingModel,
            PredictPosition,
            Composite,
            StageSampleSet,
            SaveSampleSet,
            LoadSavedSampleSet,
            MergeSampleSetShards,
        ]
