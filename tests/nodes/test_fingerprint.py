"""A digest of what is on the host's wires: stable where nothing changed, another wherever a picture would change."""

import pytest
import torch


@pytest.fixture(scope="module")
def fingerprint(host_inprocess):
    from troupe.nodes.backends.fingerprint import fingerprint

    return fingerprint


@pytest.fixture(scope="module")
def loaded(tiny_checkpoint):
    """A second reading of the same file."""
    import nodes

    return nodes.CheckpointLoaderSimple().load_checkpoint(tiny_checkpoint.name)


def test_the_same_file_read_twice_is_one_model(fingerprint, loaded, tiny_parts):
    for once, again in zip(tiny_parts, loaded, strict=True):
        assert once is not again and fingerprint(once) == fingerprint(again)


def test_another_file_is_another(fingerprint, host_inprocess, loaded, tmp_path):
    import comfy.sd

    from support.hostmodels import checkpoint

    path = checkpoint(tmp_path / "other.ckpt", host_inprocess.folder, seed=9)
    others = comfy.sd.load_checkpoint_guess_config(str(path))[:3]
    for one, other in zip(loaded, others, strict=True):
        assert fingerprint(one) != fingerprint(other)


def with_lora(parts, path, amount=1.0):
    import nodes

    return nodes.LoraLoader().load_lora(parts[0], parts[1], path.name, amount, amount)[0]


def test_a_lora_counts_with_its_strength(fingerprint, loaded, tiny_lora):
    digests = [fingerprint(m) for m in (loaded[0], with_lora(loaded, tiny_lora), with_lora(loaded, tiny_lora, 0.5))]
    assert len(set(digests)) == 3
    assert fingerprint(with_lora(loaded, tiny_lora)) == digests[1]


def test_a_lora_that_is_written_into_the_weights_changes_no_digest(fingerprint, loaded, tiny_lora):
    """The host loads a patched model by changing the weights that its clones share."""
    import comfy.model_management

    plain, patched = loaded[0], with_lora(loaded, tiny_lora)
    before = fingerprint(plain), fingerprint(patched)
    key = next(iter(patched.patches))
    weight = patched.model_state_dict()[key].clone()
    comfy.model_management.load_models_gpu([patched])
    assert not torch.equal(patched.model_state_dict()[key], weight)
    assert (fingerprint(plain), fingerprint(patched)) == before


def patched_by(kind, model, *values):
    from comfy_extras import nodes_freelunch, nodes_model_advanced

    if kind == "FreeU":
        return nodes_freelunch.FreeU.execute(model, *values).args[0]
    patched = nodes_model_advanced.ModelSamplingDiscrete().patch(model, *values)
    return (patched.args if hasattr(patched, "args") else patched)[0]


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("FreeU", (1.1, 1.2, 0.9, 0.2), (1.1, 1.2, 0.9, 0.3)),
        ("ModelSamplingDiscrete", ("eps", False), ("v_prediction", False)),
        ("ModelSamplingDiscrete", ("eps", False), ("eps", True)),
    ],
)
def test_what_other_nodes_lay_over_a_model_counts(kind, one, other, fingerprint, loaded):
    first, second, again = (patched_by(kind, loaded[0], *values) for values in (one, other, one))
    assert fingerprint(first) == fingerprint(again) != fingerprint(second)
    assert fingerprint(second) != fingerprint(loaded[0])


def test_what_the_host_leaves_as_it_finds_the_memory_does_not_count(fingerprint, small_clip):
    before = fingerprint(small_clip)
    with torch.no_grad():
        small_clip.cond_stage_model.clip_l.transformer.text_projection.weight.fill_(0.5)
    assert fingerprint(small_clip) == before


def test_clip_skip_counts(fingerprint, loaded):
    skipped = loaded[1].clone()
    skipped.clip_layer(-2)
    assert fingerprint(skipped) != fingerprint(loaded[1])


def test_a_control_net_that_was_used_is_still_the_same(fingerprint, tiny_control_net, loaded):
    import nodes

    net, again = (nodes.ControlNetLoader().load_controlnet(tiny_control_net.name)[0] for _ in range(2))
    assert fingerprint(net) == fingerprint(again)
    conditioning = [[torch.zeros(1, 77, 768), {}]]
    apply = nodes.ControlNetApplyAdvanced().apply_controlnet
    both = apply(conditioning, conditioning, net, torch.rand(1, 64, 64, 3), 1.0, 0.0, 1.0)
    with torch.inference_mode():
        nodes.common_ksampler(loaded[0], 0, 1, 2.0, "euler", "normal", *both, {"samples": torch.zeros(1, 4, 8, 8)})
    assert fingerprint(net) == fingerprint(again)


def test_a_union_type_counts(fingerprint, tiny_control_net):
    import nodes

    net = nodes.ControlNetLoader().load_controlnet(tiny_control_net.name)[0]
    other = net.copy()
    other.set_extra_arg("control_type", [3])
    assert fingerprint(net) != fingerprint(other)


def test_functions_count_by_what_they_hold(fingerprint):
    def made(amount, power=1):
        return lambda x, p=power: x * amount**p

    assert fingerprint(made(1)) == fingerprint(made(1))
    assert len({fingerprint(f) for f in (made(1), made(2), made(1, 2))}) == 3


def test_a_thing_that_holds_itself_ends(fingerprint):
    ring = []
    ring.append({"ring": ring, "value": 1})
    assert fingerprint(ring) == fingerprint(ring)
