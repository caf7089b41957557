"""What the report page says in both languages besides figures, and how it looks."""

from search.rules.model import Words

Paragraphs = tuple[Words, tuple[Words, ...]]

WORDS = {
    "title": Words("Đánh giá bộ phát hiện", "How well lures are found"),
    "about": Words(
        "Mỗi con số kèm khoảng tin cậy 95 % (Wilson) và số tin mà nó dựa vào.",
        "Every figure stands with its 95 % interval (Wilson) and the number of texts it rests on.",
    ),
    "keywords": Words(
        "cụm từ trong danh sách đem so sánh", "phrases on the list that it is compared with"
    ),
    "errors": Words("Lỗi nặng nhất", "The worst errors"),
    "missed": Words("Bỏ sót", "Missed"),
    "flagged": Words("Gắn cờ nhầm", "Flagged by mistake"),
    "held": Words("trong đó phần giữ kín", "of these in the held-back part"),
    "not-shown": Words(
        "Lỗi của phần giữ kín chỉ đếm, không in ra, để người viết quy tắc không thấy chúng. "
        "Điểm của tin bỏ sót là điểm gần nhất mà nó đạt, chưa kể kết hợp, trên ngưỡng của bộ ấy.",
        "Errors of the held-back part are counted and not printed, so that those who write rules do not "
        "see them. The score of a missed text is the nearest it came, without combinations, and the "
        "threshold of that pack.",
    ),
    "score": Words("điểm", "score"),
    "taken": Words("được coi là", "taken for"),
    "theirs": Words(
        "(văn bản của người khác, không in ở đây)",
        "(a text that belongs to others, not printed here)",
    ),
}

METHOD: Paragraphs = (
    Words("Đo cái gì, trên cái gì", "What was measured, on what"),
    (
        Words(
            "Tin tự viết (tests/data/samples): lời dụ dỗ, lời kêu cứu và tin vô can trông giống, do vài "
            "người bịa ra mà không xem quy tắc. Một phần sáu (crc32 của mã tin chia hết cho 6) được giữ "
            "kín với người viết quy tắc.",
            "Made-up texts (tests/data/samples): lures, cries for help, and innocent texts that look alike, "
            "invented by a few people who did not see the rules. A sixth (crc32 of the id divisible by 6) "
            "is held back from those who write rules.",
        ),
        Words(
            "Tin theo báo chí và văn bản thật, nếu có trên máy này: không phải của dự án, không in ra.",
            "Texts after the press and real texts, where this machine has them: not the project's own, "
            "not printed.",
        ),
        Words(
            "Tìm được nghĩa là bị gắn cờ dụ dỗ; lời kêu cứu tính riêng, khi vào luồng khẩn. Mỗi tin xét "
            "một mình, không biết nguồn, giờ đăng hay người đăng.",
            "Found means flagged as a lure; cries for help count apart, when they reach their lane. Every "
            "text is judged alone, without its source, time or author.",
        ),
        Words(
            "Mỗi tin tự viết còn được ngụy trang theo từng cách một; cách viết ngụy trang cố định cho "
            "từng tin, chạy lại cho cùng kết quả.",
            "Every made-up text is also tried in each disguise alone; a disguise is fixed for a text, and "
            "another run gives the same.",
        ),
        Words(
            "Danh sách từ khóa: cùng các tin ấy, so chữ thường nguyên văn, rồi so trên chữ đã chuẩn hóa "
            "không dấu.",
            "The keyword list: the same texts, compared in lower case as written, and once more on "
            "normalised text without diacritics.",
        ),
    ),
)

LIMITS: Paragraphs = (
    Words("Những con số này không nói lên điều gì", "What these figures do not say"),
    (
        Words(
            "Không nói lên tỷ lệ tìm được ngoài đời: tin tự viết do ít người bịa, tin theo báo chí được "
            "viết lại, cùng một giọng. Kẻ dụ dỗ thật sẽ viết cách khác.",
            "Not the share found in real life: the made-up texts come from few hands, those after the press "
            "were reworded in one voice. Real lurers will write otherwise.",
        ),
        Words(
            "Không nói lên xác suất một cờ là đúng: tỷ lệ tin dụ dỗ trong nguồn thật nhỏ hơn nhiều so với "
            "ở đây.",
            "Not how likely a flag is right: lures are far rarer in real sources than here.",
        ),
        Words(
            "Văn bản thật được coi là vô can cả, chưa ai đọc từng dòng: một phần cờ trên đó có thể đúng.",
            "Real texts are all taken for innocent and nobody read every line: some flags on them may be "
            "right.",
        ),
        Words(
            "Phần phát triển đã được người viết quy tắc xem; chỉ phần giữ kín cho biết với tin chưa gặp. "
            "Các văn bản thật không chia phần.",
            "Those who write rules saw the development part; only the held-back part tells of texts not met "
            "before. The real texts are not split.",
        ),
        Words(
            "Cờ là gợi ý để cán bộ đọc, không phải kết luận về ai. Không bị gắn cờ không có nghĩa là an "
            "toàn.",
            "A flag asks an officer to read; it concludes nothing about anybody. No flag does not mean "
            "safe.",
        ),
    ),
)

STYLE = """
body{font:15px/1.5 system-ui,"Segoe UI",Roboto,"Noto Sans",sans-serif;margin:1.5rem auto;max-width:72rem;
padding:0 1rem;color:#1d232b;background:#fff}
h1{font-size:1.7rem;margin:.6rem 0}h2{font-size:1.2rem;margin:2rem 0 .4rem}h3{font-size:1rem}
.small{color:#4a5563;font-size:.87rem}.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%}th,td{padding:.25rem .6rem;border-bottom:1px solid #d8dee6;
text-align:left;vertical-align:middle;font-variant-numeric:tabular-nums}
thead th{border-bottom:2px solid #8593a5;font-size:.87rem}tbody th{font-weight:500}
svg{vertical-align:-2px}.figure{white-space:nowrap}.ground{fill:#e8ecf1}.share{fill:#2f6f9f}.interval{stroke:#10202e;fill:none}
blockquote{margin:.2rem 0;padding:.4rem .7rem;background:#f5f7f9;border-left:3px solid #8593a5;
white-space:pre-wrap;overflow-wrap:anywhere}mark{background:#ffe08a}
article{margin:0 0 1rem;break-inside:avoid}article p{margin:.2rem 0}article ul{margin:.2rem 0;
font-size:.87rem}label{margin:0 .8rem 0 .2rem}
.en{display:none}#in-en:checked~main .en{display:inline}#in-en:checked~main .vi{display:none}
@media print{input,label{display:none}body{margin:0;max-width:none;font-size:11px}section{break-inside:auto}
thead{display:table-header-group}tr{break-inside:avoid}.ground,.share,mark{print-color-adjust:exact}}
"""
