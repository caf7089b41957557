"""The sentences of a period report, with every figure marked by its key.

The document prints the sentences; the page shows the same ones with each figure a link to the
records behind it. A figure that is 0 gives the nil sentence that officials write.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from casework.documents.comparing import Row, comparison
from casework.documents.contexts import Directive, ReportFigures
from casework.domain import figures as fig

__all__ = ["Line", "Part", "Row", "Segment", "comparison", "direction", "line", "results"]


@dataclass(frozen=True)
class Segment:
    """Text, and the key of the figure it shows (a field of ReportFigures, or `directives`)."""

    text: str
    key: str = ""


@dataclass(frozen=True)
class Line:
    """One sentence or paragraph."""

    segments: tuple[Segment, ...]

    def __str__(self) -> str:
        return "".join(each.text for each in self.segments)


@dataclass(frozen=True)
class Part:
    """A numbered part of section II."""

    title: str
    lines: tuple[Line, ...]


def line(template: str, **figures: tuple[str, str]) -> Line:
    """`{name}` in the template becomes the figure given as (key, text)."""
    segments: list[Segment] = []
    rest = template
    while "{" in rest:
        text, _, tail = rest.partition("{")
        name, _, rest = tail.partition("}")
        segments += [Segment(text)] if text else []
        key, shown = figures[name]
        segments.append(Segment(shown, key))
    return Line((*segments, *([Segment(rest)] if rest else [])))


def direction(directives: tuple[Directive, ...], issuer: str) -> tuple[Line, ...]:
    """Section I: how many directives, and which; count and list come from the same rows."""
    if not directives:
        return (line(f"Trong kỳ báo cáo, {issuer} chưa ban hành văn bản chỉ đạo riêng."),)
    head = line(
        f"Trong kỳ báo cáo, {issuer} ban hành {{n}} văn bản chỉ đạo:",
        n=("directives", fig.count(len(directives))),
    )
    ends = [";"] * (len(directives) - 1) + ["."]
    listed = [
        Line((Segment(f"- {each.line}{end}"),)) for each, end in zip(directives, ends, strict=True)
    ]
    return (head, *listed)


def results(figures: ReportFigures) -> tuple[Part, ...]:
    """Section II, in the order in which the officials' reports tell it."""
    parts = [
        Part("Rà soát thông tin trên không gian mạng", tuple(_review(figures))),
        Part("Yêu cầu gỡ bỏ thông tin vi phạm", tuple(_takedowns(figures))),
        Part("Nhắc nhở, xử phạt vi phạm hành chính", tuple(_sanctions(figures))),
        Part("Chuyển hồ sơ đến cơ quan có thẩm quyền", tuple(_referrals(figures))),
    ]
    if figures.inspections is not None:
        parts.append(Part("Công tác kiểm tra", tuple(_inspections(figures))))
    if figures.communication_items is not None:
        parts.append(Part("Công tác tuyên truyền", tuple(_communication(figures))))
    return tuple(parts)


def _review(f: ReportFigures) -> Iterator[Line]:
    if not f.posts_reviewed:
        yield line("Trong kỳ báo cáo, chưa phát hiện bài đăng có dấu hiệu vi phạm cần rà soát.")
    else:
        yield line(
            "Đã rà soát {seen} bài đăng công khai có dấu hiệu; gắn cờ {kept} bài, "
            "bỏ qua {left} bài sau khi xem xét.",
            seen=("posts_reviewed", fig.count(f.posts_reviewed)),
            kept=("posts_flagged", fig.count(f.posts_flagged)),
            left=("posts_dismissed", fig.count(f.posts_dismissed)),
        )
    if f.cases_opened:
        yield line(
            "Mở {n} vụ việc để xác minh, xử lý.", n=("cases_opened", fig.count(f.cases_opened))
        )
    else:
        yield line(
            "Trong kỳ báo cáo, chưa phát hiện trường hợp lợi dụng mạng xã hội để thực hiện hành vi "
            "mua bán người."
        )
    if f.cases_closed or f.cases_open:
        yield line(
            "Kết thúc {closed} vụ việc; đến ngày chốt số liệu còn {open} vụ việc đang xử lý.",
            closed=("cases_closed", fig.count(f.cases_closed or 0)),
            open=("cases_open", fig.count(f.cases_open or 0)),
        )


def _takedowns(f: ReportFigures) -> Iterator[Line]:
    if not f.takedown_requests:
        yield line("Trong kỳ báo cáo, chưa phát sinh trường hợp phải yêu cầu gỡ bỏ.")
    else:
        yield line(
            "Gửi {sent} yêu cầu gỡ bỏ đối với {asked} đường dẫn; đã gỡ bỏ {gone} đường dẫn "
            "(đạt {share}), trong đó {intime} đường dẫn được gỡ bỏ đúng thời hạn.",
            sent=("takedown_requests", fig.count(f.takedown_requests)),
            asked=("urls_requested", fig.count(f.urls_requested)),
            gone=("urls_removed", fig.count(f.urls_removed)),
            share=("urls_removed", fig.percent(f.urls_removed, f.urls_requested)),
            intime=("urls_removed_on_time", fig.count(f.urls_removed_on_time)),
        )
    if f.platforms:
        yield _by_platform(f)
    if f.renotices:
        yield line("Đôn đốc {n} lượt.", n=("renotices", fig.count(f.renotices)))
    if f.account_locks_requested:
        yield line(
            "Yêu cầu khóa {n} tài khoản, trang, nhóm vi phạm nhiều lần.",
            n=("account_locks_requested", fig.count(f.account_locks_requested)),
        )


def _by_platform(f: ReportFigures) -> Line:
    """Theo nền tảng: Facebook 05 đường dẫn (đã gỡ 03); ... Keys name figure and platform."""
    segments: list[Segment] = [Segment("Theo nền tảng: ")]
    for at, each in enumerate(f.platforms):
        segments += [
            Segment(f"{'; ' if at else ''}{each.name} "),
            Segment(fig.count(each.urls_requested), f"urls_requested:{each.platform}"),
            Segment(" đường dẫn (đã gỡ bỏ "),
            Segment(fig.count(each.urls_removed), f"urls_removed:{each.platform}"),
            Segment(")"),
        ]
    return Line((*segments, Segment(".")))


def _sanctions(f: ReportFigures) -> Iterator[Line]:
    if f.reminders:
        yield line(
            "Nhắc nhở {n} trường hợp (không phải hình thức xử phạt).",
            n=("reminders", fig.count(f.reminders)),
        )
    if f.warnings:
        yield line(
            "Gửi cảnh báo đến {n} chủ tài khoản (không phải hình thức xử phạt).",
            n=("warnings", fig.count(f.warnings)),
        )
    if f.sanctioned:
        yield from _sanctioned(f)
    else:
        yield line("Trong kỳ báo cáo, chưa phát sinh trường hợp bị xử phạt vi phạm hành chính.")
    if f.fines_collected is not None and (f.fines_collected or f.sanctioned):
        yield line(
            "Số tiền đã nộp ngân sách nhà nước: {sum}.",
            sum=("fines_collected", fig.millions(f.fines_collected)),
        )
    if f.fined_elsewhere:
        yield line(
            "Ngoài ra, cơ quan khác đã xử phạt {n} trường hợp với số tiền {sum} "
            "(không tính vào số liệu trên).",
            n=("fined_elsewhere", fig.count(f.fined_elsewhere)),
            sum=("fined_elsewhere", fig.millions(f.fined_elsewhere_total or 0)),
        )


def _sanctioned(f: ReportFigures) -> Iterator[Line]:
    yield line(
        "Xử phạt vi phạm hành chính đối với {all} tổ chức, cá nhân ({org} tổ chức, {ind} cá nhân) "
        "với tổng số tiền là {sum}.",
        all=("sanctioned", fig.count(f.sanctioned)),
        org=("sanctioned_organisations", fig.count(f.sanctioned_organisations)),
        ind=("sanctioned_individuals", fig.count(f.sanctioned_individuals)),
        sum=("fines_total", fig.millions(f.fines_total)),
    )
    if f.remedies_ordered:
        yield line(
            "Áp dụng {n} biện pháp khắc phục hậu quả.",
            n=("remedies_ordered", fig.count(f.remedies_ordered)),
        )


def _referrals(f: ReportFigures) -> Iterator[Line]:
    if f.referrals:
        yield line(
            "Chuyển {n} hồ sơ đến cơ quan Công an và cơ quan có thẩm quyền để xử lý.",
            n=("referrals", fig.count(f.referrals)),
        )
    else:
        yield line("Trong kỳ báo cáo, chưa phát sinh trường hợp phải chuyển hồ sơ.")


def _inspections(f: ReportFigures) -> Iterator[Line]:
    if not f.inspections:
        yield line("Trong kỳ báo cáo, chưa tiến hành cuộc kiểm tra.")
        return
    organisations, people = f.inspected_organisations or 0, f.inspected_individuals or 0
    yield line(
        "Tiến hành {n} cuộc kiểm tra đối với {all} tổ chức, cá nhân ({org} tổ chức, {ind} cá nhân).",
        n=("inspections", fig.count(f.inspections)),
        all=("inspected", fig.count(organisations + people)),
        org=("inspected_organisations", fig.count(organisations)),
        ind=("inspected_individuals", fig.count(people)),
    )


def _communication(f: ReportFigures) -> Iterator[Line]:
    yield line(
        "Các cơ quan báo chí, hệ thống thông tin cơ sở đăng, phát {n} tin, bài tuyên truyền.",
        n=("communication_items", fig.count(f.communication_items or 0)),
    )
