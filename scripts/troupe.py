#!/usr/bin/env python3
"""Run, test and measure Troupe with a real ComfyUI. Sets up what is missing, once.

    python3 scripts/troupe.py demo      make a LoRA training set of a new character, from start to end
    python3 scripts/troupe.py serve     open the graph editor with the pack in it
    python3 scripts/troupe.py queue     a workflow over shards of a large set, on one or several ComfyUIs
    python3 scripts/troupe.py test      run every test          (what follows is given to pytest)
    python3 scripts/troupe.py bench     measure, beside others  (what follows names benchmarks)
    python3 scripts/troupe.py torture   kills, full disks, load and cancels: what is promised, put to the test
    python3 scripts/troupe.py farm      a folder of pictures to a data set in shards, on one machine or many
    python3 scripts/troupe.py fuzz      feed everything that reads with anything at all
    python3 scripts/troupe.py setup     only the set-up
    python3 scripts/troupe.py doctor    say what is there, what is missing and where it is
    python3 scripts/troupe.py workflows build the shipped workflows anew from their source
    python3 scripts/troupe.py help-pages
                                        build the help pages and the texts of the nodes anew
    python3 scripts/troupe.py evaluate-compositing --groups FOLDER
                                        measure a compositing model, beside what one gets without
    python3 scripts/troupe.py train-compositing --config FILE
                                        train one; scripts/compositing/shipped.json made the shipped one
    python3 scripts/troupe.py COMMAND --help

Environment: TROUPE_HOME (where everything is kept), COMFYUI_PATH and COMFYUI_PYTHON (an existing ComfyUI to use).
"""

# This file must parse on any Python 3, so that an old one is answered with a sentence and not with a SyntaxError.
import sys

OLDEST = (3, 10)


def main(arguments):
    if sys.version_info < OLDEST:
        sys.stderr.write(
            "Troupe needs Python %d.%d or newer, and this is %s.\n"
            "Run the command with a newer one, for example: python3.12 scripts/troupe.py\n"
            % (OLDEST[0], OLDEST[1], sys.version.split()[0])
        )
        return 1
    from devkit.commandline import run

    return run(arguments, __doc__)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
