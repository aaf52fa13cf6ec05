"""Commands and their exit status."""

import pytest

from devkit import commandline, doctor
from devkit.trouble import Trouble


def test_unknown_command_is_answered_with_usage(capsys):
    assert commandline.run(["bake"], "the usage") == 2
    assert capsys.readouterr().err.splitlines() == ["Unknown command: bake", "the usage"]
    assert commandline.run([], "the usage") == 2


def test_help(capsys):
    assert commandline.run(["--help"], "the usage") == 0
    assert capsys.readouterr().out == "the usage\n"


@pytest.mark.parametrize(("ends", "status"), [(Trouble("no room"), 1), (KeyboardInterrupt(), 130)])
def test_trouble_and_ctrl_c_show_no_traceback(monkeypatch, capsys, ends, status):
    def command(arguments):
        raise ends

    monkeypatch.setitem(commandline.COMMANDS, "demo", command)
    assert commandline.run(["demo"], "") == status
    error = capsys.readouterr().err
    assert ("no room" in error) == (status == 1) and "Traceback" not in error


def test_wrong_option_is_refused(capsys):
    with pytest.raises(SystemExit) as stopped:
        commandline.run(["demo", "--colour"], "")
    assert stopped.value.code == 2


def test_demo_passes_its_options_on(monkeypatch, tmp_path):
    import devkit.demo

    seen = []
    monkeypatch.setattr(devkit.demo, "demo", lambda *arguments: seen.extend(arguments) or 0)
    assert commandline.run(["demo", "--output", "out", "--json", str(tmp_path / "a.json")], "") == 0
    assert [str(value) for value in seen[1:]] == ["out", str(tmp_path / "a.json"), "None"]


def test_doctor_finds_a_wrong_comfyui_path(tmp_path):
    lines, well = doctor.report(tmp_path / "home", {"COMFYUI_PATH": str(tmp_path)})
    assert not well and any(line.startswith("no ") and "there is no ComfyUI" in line for line in lines)
    assert not (tmp_path / "home").exists()
