"""What each act of the permission table is called. An act without words here is shown by its name."""

from flask_babel import lazy_gettext as _l

from webui.words import Text

AREAS: dict[str, Text] = {
    "audit": _l("Audit log"),
    "campaign": _l("Campaigns"),
    "case": _l("Cases"),
    "document": _l("Documents"),
    "evidence": _l("Evidence"),
    "index": _l("Search index"),
    "law": _l("Law"),
    "learning": _l("Learning from decisions"),
    "me": _l("My account"),
    "people": _l("People"),
    "post": _l("Posts"),
    "queue": _l("Queue"),
    "referral": _l("Referrals"),
    "register": _l("Registers"),
    "report": _l("Reports"),
    "rule": _l("Rules"),
    "run": _l("Runs"),
    "sanction": _l("Sanctions"),
    "source": _l("Sources"),
    "subject": _l("Subjects"),
    "system": _l("System"),
    "takedown": _l("Takedowns"),
    "task": _l("Tasks"),
}
ACTS: dict[str, Text] = {
    "audit.verify": _l("check that the log is whole"),
    "audit.view": _l("read the log"),
    "campaign.join": _l("put together again what was split"),
    "campaign.split": _l("take campaigns apart"),
    "campaign.view": _l("see campaigns"),
    "case.assign": _l("assign a case"),
    "case.close": _l("close and reopen a case"),
    "case.edit": _l("change a case"),
    "case.open": _l("open a case"),
    "case.view": _l("see cases"),
    "document.view": _l("see documents"),
    "evidence.capture": _l("ask for a capture"),
    "evidence.check": _l("check evidence against its digest"),
    "evidence.export": _l("export an evidence package"),
    "evidence.upload": _l("add a file as evidence"),
    "evidence.view": _l("see evidence"),
    "index.rebuild": _l("rebuild the search index"),
    "law.view": _l("see the legal catalogue"),
    "learning.suggest": _l("put suggested phrases into drafts of rules"),
    "learning.switch": _l("switch the second opinion on and off"),
    "learning.train": _l("have the second opinion trained"),
    "learning.view": _l("see what decisions say of the rules"),
    "me.manage": _l("manage one's own account"),
    "people.manage": _l("invite, change and disable people"),
    "people.permissions": _l("see this table"),
    "people.view": _l("see people and units"),
    "post.claim": _l("claim posts and hand them over"),
    "post.dismiss": _l("dismiss posts"),
    "post.enter": _l("enter a post by hand"),
    "post.import": _l("import a file of posts"),
    "post.keep": _l("flag posts"),
    "post.reopen": _l("reopen a decided post"),
    "post.search": _l("search posts"),
    "post.undo": _l("undo one's own decision"),
    "post.view": _l("see posts"),
    "queue.view": _l("see the queue"),
    "report.discard": _l("discard a draft report"),
    "report.issue": _l("issue a report"),
    "report.return": _l("return a report for changes"),
    "report.view": _l("see reports"),
    "report.write": _l("write reports"),
    "rule.approve": _l("let rules count that somebody else wrote"),
    "rule.rejudge": _l("judge all stored posts again"),
    "rule.shadow": _l("put rules in shadow and take them out"),
    "rule.view": _l("see rules and try a text"),
    "rule.write": _l("write rules, test and propose them"),
    "run.start": _l("start a run"),
    "run.stop": _l("stop a run"),
    "sanction.cancel": _l("cancel a sanction file"),
    "sanction.clear_crime": _l("decide that there is no sign of crime"),
    "sanction.decide": _l("sign a sanction decision"),
    "sanction.enforce": _l("order enforcement"),
    "sanction.flag_crime": _l("report signs of crime"),
    "sanction.open": _l("open a sanction file"),
    "sanction.pay": _l("record a payment"),
    "sanction.propose": _l("propose a sanction"),
    "sanction.record": _l("make a record of violation"),
    "sanction.remind": _l("remind and warn"),
    "sanction.return": _l("return a proposal for changes"),
    "sanction.serve": _l("record service of a decision"),
    "sanction.view": _l("see sanctions"),
    "source.manage": _l("add and change sources"),
    "source.view": _l("see sources"),
    "subject.edit": _l("change subjects of a case"),
    "subject.unmask": _l("show masked data, with a reason"),
    "takedown.approve": _l("approve a takedown request"),
    "takedown.attest": _l("attest what was seen"),
    "takedown.draft": _l("draft a takedown request"),
    "takedown.hold": _l("hold a post and release it"),
    "takedown.send": _l("send a takedown request"),
    "takedown.view": _l("see takedown requests"),
    "takedown.withdraw": _l("withdraw a takedown request"),
    "task.edit": _l("add and finish tasks"),
}


def act_words(words: dict[str, Text]) -> None:
    """A page area tells what its acts are called: {"referral.send": _l("send a referral")}."""
    ACTS.update(words)


def act_word(act: str) -> str:
    return str(ACTS.get(act, act))


def area_word(area: str) -> str:
    return str(AREAS.get(area, area))
