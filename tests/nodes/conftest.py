import pytest

from support import hostmodels


@pytest.fixture(scope="session")
def tiny_control_net(host_inprocess):
    return hostmodels.control_net(host_inprocess.base / "models" / "controlnet" / "tiny_control.safetensors")


@pytest.fixture(scope="session")
def tiny_lora(host_inprocess):
    return hostmodels.lora(host_inprocess.base / "models" / "loras" / "tiny_lora.safetensors")
