"""What gunicorn's first process does before it starts its workers; `service/serving.py` names it.

The program is imported once, while the installation is made ready beside it, and the workers
share it. Engines and rulesets are made by each worker for itself (`service/wsgi.py`).
"""

import gc
import sys
from typing import Any

READY = b"ready"


def on_starting(_arbiter: Any) -> None:
    """Import all that pages need; then wait until `READY` comes on standard input.

    Raises SystemExit when standard input ends without it: the installation cannot be used.
    """
    import service.web.application  # noqa: F401  # its import is the purpose

    # What stays as long as the process is shared as long as nothing walks over it.
    gc.collect()
    gc.freeze()
    if sys.stdin.buffer.read() != READY:
        raise SystemExit(1)
