"""What may be done here, and by whom; wiring collects it into the one permission table."""

from foundation.people import Role
from foundation.permissions import EVERYBODY, acts

_COLLECTORS = (Role.INSPECTOR, Role.POLICE, Role.ADMINISTRATOR)

ACTS = acts(
    {
        "source.view": EVERYBODY,
        "source.manage": (Role.ADMINISTRATOR,),
        "run.start": _COLLECTORS,
        "run.stop": _COLLECTORS,
        "post.enter": (Role.INSPECTOR, Role.POLICE),
        "post.import": _COLLECTORS,
    }
)
