"""How a trained U-Net is given more to see: channels that it does not hear at first, tokens behind a shut gate."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class WidenedConv(nn.Module):
    """A frozen convolution and new columns for `more` channels, zero at first.

    The same as one convolution over all channels. Apart, the new columns can be trained and saved alone.
    """

    def __init__(self, base: nn.Conv2d, more: int) -> None:
        super().__init__()
        self.base = base.requires_grad_(False)
        self.new = nn.Parameter(torch.zeros(base.out_channels, more, *base.kernel_size))

    def forward(self, x: Tensor) -> Tensor:
        known, more = x.split((self.base.in_channels, self.new.shape[1]), 1)
        return self.base(known) + nn.functional.conv2d(more, self.new.to(x.dtype), padding=self.base.padding)


class GatedAttention(nn.Module):
    """Attention to the prompt as ever, plus `gate` times attention to the tokens that follow the prompt's.

    A softmax over both together would let the new tokens take weight from the prompt even while they say
    nothing. Two softmaxes, as in IP-Adapter (Ye et al. 2023), and a gate as in Flamingo (Alayrac et al. 2022)
    start exactly from what the network was. A processor in the sense of diffusers.
    """

    def __init__(self, prompt_length: int) -> None:
        super().__init__()
        from diffusers.models.attention_processor import AttnProcessor2_0

        self.prompt_length = prompt_length
        self.plain = AttnProcessor2_0()
        self.gate = nn.Parameter(torch.zeros(()))

    def forward(self, attn, hidden_states, encoder_hidden_states=None, attention_mask=None, temb=None) -> Tensor:
        prompt = encoder_hidden_states[:, : self.prompt_length]
        fused = encoder_hidden_states[:, self.prompt_length :]
        gate = self.gate.to(hidden_states)
        return self.plain(attn, hidden_states, prompt) + gate * self.plain(attn, hidden_states, fused)


def with_gates(network: nn.Module, prompt_length: int) -> nn.Module:
    """Let every cross-attention of a diffusers `network` look at the tokens after the prompt, in place."""
    for name, module in list(network.named_modules()):
        if name.endswith(".attn2"):
            module.set_processor(GatedAttention(prompt_length))
    return network
