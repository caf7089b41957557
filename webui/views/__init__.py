"""The page areas. Each module has a blueprint `bp` or an `init_app(app)`; one that is missing stops the start."""

MODULES: tuple[str, ...] = (
    "webui.views.shell",
    "webui.views.today",
    "webui.views.queue",
    "webui.views.posts",
    "webui.views.search",
    "webui.views.sources",
    "webui.views.runs",
    "webui.views.entry",
    "webui.views.imports",
    "webui.views.login",
    "webui.views.account",
    "webui.views.people",
    "webui.views.units",
    "webui.views.audit",
    "webui.views.cases",
    "webui.views.case_parts",
    "webui.views.evidence",
    "webui.views.sanctions",
    "webui.views.takedowns",
)
