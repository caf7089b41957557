"""The official layout (Phụ lục I Nghị định 30/2020/NĐ-CP) as pieces to build templates from."""

import io
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from casework.documents.packing import repacked

FONT = "Times New Roman"
BODY = 14
LEFT, RIGHT = ALIGN.LEFT, ALIGN.RIGHT
CENTER, JUSTIFY = ALIGN.CENTER, ALIGN.JUSTIFY
TEXT_WIDTH = Mm(160)


class Page:
    """An A4 document that grows paragraph by paragraph."""

    def __init__(self, *, body: int = BODY) -> None:
        self.document = Document()
        self.body = body
        self._page()
        self._styles()
        self._page_number()

    def text(
        self,
        text: str,
        *,
        bold: bool = False,
        italic: bool = False,
        size: int = 0,
        align: ALIGN = JUSTIFY,
        indent: float = 12.7,
        before: float = 0,
        after: float = 6,
        keep: bool = False,
        lead: str = "",
    ) -> Paragraph:
        """A paragraph of the body: justified, first line 1,27 cm, 6 pt after; `lead` is bold."""
        paragraph: Paragraph = self.document.add_paragraph()
        if lead:
            style(paragraph, lead, bold=True, size=size or self.body, align=align)
        style(paragraph, text, bold=bold, italic=italic, size=size or self.body, align=align)
        shape = paragraph.paragraph_format
        shape.first_line_indent = Mm(indent) if indent and align is JUSTIFY else None
        shape.space_before, shape.space_after = Pt(before), Pt(after)
        shape.keep_with_next = keep
        return paragraph

    def logic(self, tag: str) -> None:
        """A paragraph that only steers the template and vanishes."""
        self.text(f"{{%p {tag} %}}", indent=0, after=0)

    def heading(self, text: str) -> None:
        """A part of the text, bold, kept with what follows."""
        self.text(text, bold=True, keep=True, before=6)

    def each(self, loop: str, text: str, *, italic: bool = False) -> None:
        """One paragraph for each of a list."""
        self.logic(f"for {loop}")
        self.text(text, italic=italic)
        self.logic("endfor")

    def table(self, widths: Sequence[float], *, borders: bool = True) -> Table:
        """A table of fixed column widths in millimetres, without rows."""
        table: Table = self.document.add_table(rows=0, cols=len(widths))
        table.style = "Table Grid" if borders else None
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        if not borders:
            _without_cell_margins(table)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)
        return table

    def row(
        self,
        table: Table,
        texts: Sequence[str],
        *,
        bold: bool = False,
        size: int = 12,
        aligns: Sequence[ALIGN] = (),
    ) -> None:
        """A row that is not split over pages."""
        row = new_row(table)
        _add(row._tr.get_or_add_trPr(), "w:cantSplit")  # noqa: SLF001 - no public way
        for at, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            cell.width = table.columns[at].width
            align = aligns[at] if aligns else (CENTER if bold else LEFT)
            style(cell.paragraphs[0], text, bold=bold, size=size, align=align)

    def save(self, path: Path) -> None:
        """The template with bytes that depend on its content alone."""
        properties = self.document.core_properties
        properties.created = properties.modified = datetime(2026, 1, 1)  # noqa: DTZ001
        properties.author, properties.comments = "Rà Soát", ""
        raw = io.BytesIO()
        self.document.save(raw)
        path.write_bytes(repacked(raw.getvalue()))

    def _page(self) -> None:
        section = self.document.sections[0]
        section.orientation = WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin = section.bottom_margin = Mm(20)
        section.left_margin, section.right_margin = Mm(30), Mm(20)
        section.header_distance = Mm(10)
        section.different_first_page_header_footer = True

    def _styles(self) -> None:
        normal = cast("Any", self.document.styles["Normal"])
        normal.font.name, normal.font.size = FONT, Pt(self.body)
        normal.font.color.rgb = RGBColor(0, 0, 0)
        fonts = normal.element.get_or_add_rPr().get_or_add_rFonts()
        for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
            fonts.set(qn(script), FONT)
        for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(theme), None)
        normal.paragraph_format.space_after = Pt(0)
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), "vi-VN")
        normal.element.get_or_add_rPr().append(language)

    def _page_number(self) -> None:
        """Centred in the top margin, from the second page on."""
        paragraph = self.document.sections[0].header.paragraphs[0]
        paragraph.alignment = CENTER
        run = paragraph.add_run()
        run.font.size = Pt(13)
        for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
            element = OxmlElement("w:instrText" if text else "w:fldChar")
            if text:
                element.text = text
            else:
                element.set(qn("w:fldCharType"), kind)
            run._r.append(element)  # noqa: SLF001 - python-docx has no fields


def new_row(table: Table) -> Any:
    """A new last row; python-docx leaves the method without annotations."""
    return cast("Any", table).add_row()


def style(
    paragraph: Paragraph,
    text: str,
    *,
    bold: bool = False,
    italic: bool = False,
    size: int = BODY,
    align: ALIGN = LEFT,
) -> None:
    """One run with its looks; a template tag must lie within one run."""
    run = paragraph.add_run(text)
    run.bold, run.italic = bold, italic
    run.font.size = Pt(size)
    paragraph.alignment = align


def into(cell: _Cell, text: str, **looks: Any) -> Paragraph:
    """The next paragraph of a cell (the first one if it is still empty)."""
    first = cell.paragraphs[0]
    fresh = len(cell.paragraphs) == 1 and not first.runs
    paragraph: Paragraph = first if fresh else cell.add_paragraph()
    style(paragraph, text, **looks)
    return paragraph


def rule(cell_or_page: Any, *, width: float, length: float) -> None:
    """A solid line of `length` mm, centred in `width` mm (the lines under titles)."""
    paragraph = cell_or_page.add_paragraph()
    shape = paragraph.paragraph_format
    side = Mm((width - length) / 2)
    shape.left_indent = shape.right_indent = side
    shape.space_before, shape.space_after = Pt(0), Pt(0)
    shape.line_spacing = Pt(4)
    borders = OxmlElement("w:pBdr")
    top = _add(borders, "w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        top.set(qn(f"w:{name}"), value)
    paragraph._p.get_or_add_pPr().append(borders)  # noqa: SLF001 - no public way


def letterhead(page: Page, *, summary: bool = False, dated: bool = True) -> None:
    """Superior and issuing body, number; Quốc hiệu, Tiêu ngữ, place and (if `dated`) day."""
    widths = (68, 97)
    table = page.table(widths, borders=False)
    left, right = new_row(table).cells
    for cell, width in zip((left, right), widths, strict=True):
        cell.width = Mm(width)
    into(left, "{{ letterhead.superior | upper | broken }}", size=12, align=CENTER)
    into(left, "{{ letterhead.issuer | upper | broken }}", size=12, bold=True, align=CENTER)
    rule(left, width=widths[0], length=24)
    into(left, "{{ letterhead.number_line }}", size=13, align=CENTER)
    if summary:
        into(left, "V/v {{ summary }}", size=12, align=CENTER)
    into(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", size=12, bold=True, align=CENTER)
    into(right, "Độc lập - Tự do - Hạnh phúc", size=13, bold=True, align=CENTER)
    rule(right, width=widths[1], length=58)
    if dated:
        into(right, "{{ letterhead.place_line }}", size=13, italic=True, align=CENTER)
    page.text("", indent=0, after=0)


def title(page: Page, name: str, summary: str) -> None:
    """The kind of document and its summary, both bold and centred, with the line beneath."""
    page.text(name, bold=True, align=CENTER, after=0, before=6)
    page.text(summary, bold=True, align=CENTER, after=2)
    rule(page.document, width=160, length=50)
    page.text("", indent=0, after=0)


def signature(page: Page) -> None:
    """Nơi nhận on the left, the signing authority on the right; never split from each other."""
    page.text("", indent=0, after=0, keep=True)
    table = page.table((75, 85), borders=False)
    row = new_row(table)
    _add(row._tr.get_or_add_trPr(), "w:cantSplit")  # noqa: SLF001 - no public way
    left, right = row.cells
    left.width, right.width = Mm(75), Mm(85)
    into(left, "Nơi nhận:", size=12, bold=True, italic=True)
    into(left, "{%p for line in recipients.lines %}", size=11)
    into(left, "- {{ line }};", size=11)
    into(left, "{%p endfor %}", size=11)
    into(left, "- Lưu: {{ recipients.archive }}.", size=11)
    into(right, "{%p for line in signature.heading %}", size=14)
    into(right, "{{ line }}", size=14, bold=True, align=CENTER)
    into(right, "{%p endfor %}", size=14)
    for _ in range(4):
        into(right, " ", size=14, align=CENTER)
    into(right, "{{ signature.name }}", size=14, bold=True, align=CENTER)


def _without_cell_margins(table: Table) -> None:
    margins = _add(table._tbl.tblPr, "w:tblCellMar")  # noqa: SLF001 - no public way
    for side in ("left", "right"):
        margin = _add(margins, f"w:{side}")
        margin.set(qn("w:w"), "0")
        margin.set(qn("w:type"), "dxa")


def _add(parent: Any, tag: str) -> Any:
    element = OxmlElement(tag)
    parent.append(element)
    return element
