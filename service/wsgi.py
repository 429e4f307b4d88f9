"""The application for a WSGI server, with the settings of this process: `service.wsgi:app`.

Each server process imports it for itself, after forking: engine and rulesets must not be shared.
"""

import gc

from service import create_app
from service.config import load_settings

app = create_app(load_settings())

# Policy, models and pages stay as long as the process: no collection need walk over them.
gc.collect()
gc.freeze()
