"""Every act that any room writes into the audit log has a name for readers."""

import re
from pathlib import Path

from casework.domain.case_lifecycle import CASE, TASK
from casework.domain.report_lifecycle import REPORT
from casework.domain.sanction_lifecycle import SANCTION
from casework.domain.takedown_lifecycle import REQUEST
from casework.triage.models import Verdict
from webui.accounts.event_words import EVENTS

ROOT = Path(__file__).resolve().parents[2]


def test_every_act_that_is_recorded_has_words() -> None:
    written = re.compile(r'audit\.record\((?:[^()]|\([^()]*\))*?"([a-z_]+:[a-z_]+)"')
    rooms = ("casework", "crawler", "search", "webui")
    files = [path for room in rooms for path in (ROOT / room).rglob("*.py")]
    found = {act for path in files for act in written.findall(path.read_text("utf-8"))}
    assert len(found) > 30, "the acts are written some other way now: look for them there"
    stepped = {"case": CASE, "task": TASK, "takedown": REQUEST, "sanction": SANCTION}
    found |= {f"{kind}:{step.act}" for kind, line in stepped.items() for step in line.steps}
    found |= {f"report:{step.act}" for step in REPORT.steps}
    found |= {f"post:{verdict}" for verdict in Verdict}
    assert sorted(found - set(EVENTS)) == []
