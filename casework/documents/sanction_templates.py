"""The templates of the record of violation (MBB01) and the sanction decision (MQĐ02)."""

from casework.documents.layout import CENTER, Page, letterhead, signature, title


def violation_record() -> Page:
    """Biên bản vi phạm hành chính, mẫu MBB01."""
    page = Page(body=13)
    letterhead(page, dated=False)
    title(page, "BIÊN BẢN", "Vi phạm hành chính về {{ field }}")
    page.text(
        "Hôm nay, hồi {{ started_at | hour_minute }}, ngày {{ started_at | short_date }}, tại "
        "{{ held_at }}."
    )
    page.each("line in basis", "Căn cứ {{ line }};", italic=True)
    page.text("Chúng tôi gồm:", bold=True, keep=True)
    page.each(
        "person in officers",
        "{{ loop.index }}. Họ và tên: {{ person.name }}. Chức vụ: {{ person.position }}. "
        "Cơ quan: {{ person.agency }}.",
    )
    page.logic("if witnesses")
    page.text("Với sự chứng kiến của:", bold=True, keep=True)
    page.each(
        "person in witnesses",
        "{{ loop.index }}. Họ và tên: {{ person.name }}. Nghề nghiệp: {{ person.job or '……' }}. "
        "Địa chỉ: {{ person.address or '……' }}.",
    )
    page.logic("endif")
    page.text(
        "Tiến hành lập biên bản vi phạm hành chính đối với {{ party.called }} có tên sau đây:",
        bold=True,
        keep=True,
    )
    page.each("line in party.lines", "{{ line }}")
    _record_body(page)
    _record_end(page)
    return page


def _record_body(page: Page) -> None:
    page.text("1. Đã có các hành vi vi phạm hành chính:", keep=True)
    page.each("act in acts", "- {{ act.text | listed(loop.last) }}")
    page.text("2. Quy định tại:", keep=True)
    page.each("act in acts", "- {{ act.provision | listed(loop.last) }}")
    page.text("3. Cá nhân, tổ chức bị thiệt hại: {{ harmed or 'không xác định.' }}")
    page.text("4. Ý kiến trình bày của {{ party.violator }}: {{ party_statement or '……' }}")
    page.text("5. Ý kiến trình bày của người chứng kiến (nếu có): {{ witness_statement or '……' }}")
    page.text(
        "6. Ý kiến trình bày của cá nhân, tổ chức bị thiệt hại (nếu có): "
        "{{ harmed_statement or '……' }}"
    )
    page.text(
        "7. Chúng tôi đã yêu cầu {{ party.violator }} chấm dứt ngay hành vi vi phạm và gỡ bỏ thông "
        "tin vi phạm."
    )
    page.text(
        "8. Các biện pháp ngăn chặn và bảo đảm xử lý vi phạm hành chính được áp dụng: "
        "{{ preventive_measures or 'không.' }}"
    )
    page.text(
        "9. Tang vật, phương tiện, giấy phép, chứng chỉ hành nghề bị tạm giữ: {{ seized or 'không.' }}"
    )
    page.logic("if explanation_right")
    page.text(
        "10. {{ party.called | capitalize }} có quyền gửi văn bản yêu cầu được giải trình trực tiếp "
        "trong thời hạn {{ oral_request_days | count }} ngày làm việc, hoặc gửi văn bản giải trình "
        "trong thời hạn {{ written_days | count }} ngày làm việc, kể từ ngày lập biên bản này, đến "
        "{{ explanation_to }} để thực hiện quyền giải trình."
    )
    page.logic("else")
    page.text(
        "10. Trường hợp này không thuộc diện giải trình theo Điều 61 Luật Xử lý vi phạm hành chính."
    )
    page.logic("endif")
    page.logic("if appointment_at")
    page.text(
        "11. Yêu cầu {{ party.called }} có mặt hồi {{ appointment_at | hour_minute }}, ngày "
        "{{ appointment_at | short_date }}, tại {{ appointment_place }} để giải quyết vụ việc."
    )
    page.logic("endif")


def _record_end(page: Page) -> None:
    page.text(
        "Biên bản lập xong hồi {{ ended_at | hour_minute }}, ngày {{ ended_at | short_date }}, gồm "
        "{{ sheets | count }} tờ, được lập thành {{ copies | count }} bản có nội dung và giá trị như "
        "nhau; đã đọc lại cho những người có tên nêu trên cùng nghe, công nhận là đúng và cùng ký tên "
        "dưới đây; giao cho {{ party.violator }} 01 bản, 01 bản lưu hồ sơ."
    )
    page.logic("if refusal_reason")
    page.text("Lý do {{ party.violator }} không ký biên bản: {{ refusal_reason }}")
    page.logic("endif")
    page.text("", indent=0, after=0, keep=True)
    table = page.table((82, 82), borders=False)
    named = "{{ party.violator | upper }}"
    page.row(table, (named, "NGƯỜI LẬP BIÊN BẢN"), bold=True, size=13)
    small = "(Ký tên, ghi rõ họ và tên)"
    page.row(table, (small, small), size=12, aligns=(CENTER, CENTER))
    for _ in range(3):
        page.row(table, ("", ""))
    names = (
        "{{ party.name if party.is_person else party.representative }}",
        "{{ officers[0].name }}",
    )
    page.row(table, names, bold=True, size=13)
    page.row(table, ("", ""))
    page.row(table, ("NGƯỜI CHỨNG KIẾN", "NGƯỜI BỊ THIỆT HẠI"), bold=True, size=13)
    page.row(table, (small, small), size=12, aligns=(CENTER, CENTER))
    for _ in range(3):
        page.row(table, ("", ""))
    page.row(table, ("{{ witnesses[0].name if witnesses else '' }}", ""), bold=True, size=13)


def sanction_decision() -> Page:
    """Quyết định xử phạt vi phạm hành chính, mẫu MQĐ02."""
    page = Page(body=13)
    letterhead(page)
    title(page, "QUYẾT ĐỊNH", "Xử phạt vi phạm hành chính")
    page.text("{{ authority | upper }}", bold=True, align=CENTER)
    page.each("line in basis", "Căn cứ {{ line }};", italic=True)
    page.text("QUYẾT ĐỊNH:", bold=True, align=CENTER, keep=True, before=6)
    page.text(
        "Xử phạt vi phạm hành chính đối với {{ party.called }} có tên sau đây:",
        lead="Điều 1. ",
        keep=True,
    )
    page.each("line in party.lines", "{{ line }}")
    page.text("1. Đã thực hiện hành vi vi phạm hành chính:", keep=True)
    page.each("act in acts", "- {{ act.text | listed(loop.last) }}")
    page.text("2. Quy định tại:", keep=True)
    page.each("act in acts", "- {{ act.provision | listed(loop.last) }}")
    page.text("3. Các tình tiết tăng nặng (nếu có): {{ aggravating | join('; ') or 'không' }}.")
    page.text("4. Các tình tiết giảm nhẹ (nếu có): {{ mitigating | join('; ') or 'không' }}.")
    _penalties(page)
    _articles(page)
    signature(page)
    return page


def _penalties(page: Page) -> None:
    page.text("5. Bị áp dụng hình thức xử phạt, biện pháp khắc phục hậu quả như sau:", keep=True)
    page.logic("if warning_only")
    page.text("a) Hình thức xử phạt chính: Phạt cảnh cáo.")
    page.logic("else")
    page.text("a) Hình thức xử phạt chính: Phạt tiền.", keep=True)
    page.logic("if acts | length > 1")
    page.each("act in acts", "- Hành vi thứ {{ loop.index | count }}: {{ act.fine | dong }}")
    page.logic("endif")
    page.text("Mức phạt: {{ fine | dong }} (Bằng chữ: {{ fine | dong_in_words }}).")
    page.logic("endif")
    page.text("b) Hình thức xử phạt bổ sung: {{ additional or 'không.' }}")
    page.text("c) Biện pháp khắc phục hậu quả:{{ '' if remedies else ' không.' }}")
    page.each(
        "remedy in remedies",
        "- {{ remedy.text }}. Thời hạn thực hiện: {{ remedy.days | count }} ngày, kể từ ngày nhận "
        "được Quyết định này. {{ party.called | capitalize }} phải báo cáo kết quả đã khắc phục xong "
        "hậu quả cho {{ carried_out_by }}.",
    )


def _articles(page: Page) -> None:
    page.text(
        "Quyết định này có hiệu lực kể từ {{ effective_on | official_date }}.", lead="Điều 2. "
    )
    page.text("Quyết định này được:", lead="Điều 3. ", keep=True)
    page.text(
        "1. Giao cho {{ party.name if party.is_person else party.representative }} là "
        "{{ party.violator }} bị xử phạt có tên tại Điều 1 Quyết định này để chấp hành. "
        "{{ party.called | capitalize }} có tên tại Điều 1 phải nghiêm chỉnh chấp hành Quyết định xử "
        "phạt này; nếu quá thời hạn mà không tự nguyện chấp hành thì sẽ bị cưỡng chế thi hành theo "
        "quy định của pháp luật."
    )
    page.logic("if not warning_only")
    page.text(
        "a) {{ party.called | capitalize }} phải nộp tiền phạt tại {{ pay_to }} trong thời hạn "
        "{{ compliance_days | count }} ngày, kể từ ngày nhận được Quyết định này."
    )
    page.logic("endif")
    page.text(
        "{{ 'a' if warning_only else 'b' }}) {{ party.called | capitalize }} bị xử phạt có quyền "
        "khiếu nại hoặc khởi kiện hành chính đối với Quyết định này theo quy định của pháp luật."
    )
    page.logic("if not warning_only")
    page.text("2. Gửi cho {{ pay_to }} để thu tiền phạt.")
    page.logic("endif")
    page.text(
        "{{ 2 if warning_only else 3 }}. Gửi cho {{ carried_out_by }} để tổ chức thực hiện Quyết "
        "định này./.",
        keep=True,
    )
