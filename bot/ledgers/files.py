"""Forms as files: XLSX and DOCX."""

from collections.abc import Callable, Mapping
from pathlib import Path

from docx import Document
from docx.enum.section import WD_ORIENT
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from bot.ledgers.forms import Sheet

_FIRST = 3  # the row under the title and the columns' names
_NAME = 31  # characters of a page's name in a workbook


def write_xlsx(sheet: Sheet, path: Path) -> None:
    """Write a form as a workbook; text stays text, also where it looks like a formula."""
    book = Workbook()
    page = book.active
    page.title = sheet.name[:_NAME]
    page.append([sheet.title])
    page["A1"].font = Font(bold=True, size=14)
    page.append(list(sheet.columns))
    for cell in page[2]:
        cell.font = Font(bold=True)
    for number, row in enumerate(sheet.rows, _FIRST):
        for column, value in enumerate(row, 1):
            clean = ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value
            cell = page.cell(number, column, clean)
            if isinstance(value, str):
                cell.data_type = "s"
    page.freeze_panes = "A3"
    for column, name in enumerate(sheet.columns):
        longest = max((len(str(row[column])) for row in sheet.rows[:200]), default=0)
        letter = page.cell(2, column + 1).column_letter
        page.column_dimensions[letter].width = min(max(longest, len(name)) * 2 + 2, 60)
    book.save(path)


def write_docx(sheet: Sheet, path: Path) -> None:
    """Write a form as a document with one table."""
    document = Document()
    page = document.sections[0]
    page.orientation = WD_ORIENT.LANDSCAPE
    page.page_width, page.page_height = page.page_height, page.page_width
    document.add_heading(sheet.title, level=1)
    table = document.add_table(rows=1, cols=len(sheet.columns), style="Table Grid")
    for cell, name in zip(table.rows[0].cells, sheet.columns, strict=True):
        cell.text = name
    for row in sheet.rows:
        for cell, value in zip(table.add_row().cells, row, strict=True):
            cell.text = _printable(str(value))
    document.save(str(path))


def _printable(text: str) -> str:
    return "".join(one for one in text if one.isprintable() or one == "\n")


WRITERS: Mapping[str, Callable[[Sheet, Path], None]] = {"xlsx": write_xlsx, "docx": write_docx}
