"""Tables of more rows than are judged at once: nothing is lost between two blocks of them."""

from pathlib import Path

from bot.deployment.files import Report, read_table
from bot.deployment.world import COLUMNS, PEOPLE, load_world

MANY = 350  # rows, which is several blocks


def faults_of(folder: Path, rows: list[str]) -> list[tuple[int, str, str]]:
    """What is wrong with a people.csv of these rows, in a folder without places and groups."""
    text = "\n".join((",".join(COLUMNS[PEOPLE]), *rows))
    (folder / PEOPLE).write_text(text + "\n", "utf-8")
    report = Report()
    load_world(folder, report)
    found = [one for one in report.faults if one.file == PEOPLE]
    return sorted((one.row, one.field, one.key) for one in found)


def resident(number: int) -> str:
    return f"r.{number},王,resident,,,,x{number},,"


def test_every_row_is_read_once_and_in_order(tmp_path: Path) -> None:
    rows = [resident(number) for number in range(MANY)]
    (tmp_path / PEOPLE).write_text("\n".join((",".join(COLUMNS[PEOPLE]), *rows)), "utf-8")
    found = read_table(tmp_path / PEOPLE, PEOPLE, COLUMNS[PEOPLE], Report()) or []
    assert [row.number for row in found] == list(range(2, MANY + 2))
    assert [row.cells[0] for row in found] == [f"r.{number}" for number in range(MANY)]


def test_what_is_wrong_far_down_and_far_apart_is_named(tmp_path: Path) -> None:
    rows = [resident(number).replace("resident,", "resident,g1") for number in range(MANY)]
    rows[149] = rows[149].replace("王", "")
    rows[299] = "r.0,李,resident,g1,123,,x1,,"
    rows.append('r.last,"赵')
    assert faults_of(tmp_path, rows) == [
        (151, "name", "empty"),
        (301, "id", "id_twice"),
        (301, "phone", "phone"),
        (301, "wecom", "wecom_twice"),
        (MANY + 2, "", "csv_broken"),
    ]
