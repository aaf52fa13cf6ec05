"""How many examples a law is put to: few enough for a run of all tests, more for whoever has the time.

`TROUPE_EXAMPLES=10 python3 scripts/troupe.py test tests/labelling` puts it to ten times as many.
"""

import os

from hypothesis import settings

TIMES = int(os.environ.get("TROUPE_EXAMPLES", "1"))


def examples(count: int, **more) -> settings:
    """A busy machine may take its time for each."""
    return settings(max_examples=count * TIMES, deadline=None, **more)
