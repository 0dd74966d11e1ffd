"""The pages as a WSGI application, for granian or any other server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upheld.settings")
application = get_wsgi_application()

from upheld.upkeep.release import require_this  # noqa: E402  needs the models that were set up above
from upheld.workspace import current, use  # noqa: E402  as above

if current().exists:
    use(current())
    require_this()
