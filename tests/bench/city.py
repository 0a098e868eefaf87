"""A generated city: grids with an estate, a worker, residents and a group, as a deployment."""

import csv
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice, product
from pathlib import Path

from bot.deployment.folder import SAMPLE
from bot.deployment.world import AREAS, COLUMNS, GROUPS, PEOPLE, PLACES

CHANNEL = "wecom_robot"
BOT, SECRET, NAME = "bench-bot", "bench-secret", "网格小助手"
GRIDS_OF_COMMUNITY, COMMUNITIES_OF_STREET = 8, 10
BUILDINGS, UNITS = ("1", "2", "3", "5", "6", "8"), 3
_FIRST = "春江花月兰亭竹溪梅岭松涛柳岸桂苑荷塘枫林银杏紫薇翠湖碧波锦绣瑞景和泰康宁安顺福禄祥云"
_SECOND = "香山水乐天地明光远清平文昌德仁义信诚华庭雅居盛世嘉园丰润泽长乐永兴通达"
_KINDS = ("花苑", "新村", "家园", "小区")
_FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉秀文辉力梅"
_OFFICES = (
    "阳光物业,物业",
    "安达电梯维保,电梯维保",
    "供水公司,",
    "供电所,",
    "燃气公司,",
    "城管中队,",
)


@dataclass(frozen=True, slots=True)
class Grid:
    """A grid as those who write in its group see it."""

    id: str
    chat: str
    estate: str
    worker: str
    residents: tuple[str, ...]


def build(
    folder: Path, grids: int, people: int, url: str, store: str = "", strangers: int = 5
) -> list[Grid]:
    """Write a deployment for that many grids and people; what is not said here is the sample's.

    The residents that write are those of the roster and some `strangers` it does not know.
    """
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(SAMPLE / "rules", folder / "rules", dirs_exist_ok=True)
    (folder / "gridbot.toml").write_text(_settings(url, store), "utf-8")
    city = _Rows(grids)
    city.write(folder, max(0, people - city.staff))
    return [
        Grid(
            f"g{n}",
            f"wrG{n:05}",
            city.estates[n],
            f"w{n}",
            (*city.residents.get(n, ()), *(f"x{n}.{stranger}" for stranger in range(strangers))),
        )
        for n in range(grids)
    ]


def _settings(url: str, store: str) -> str:
    return f"""
[deployment]
name = "基准市"
backstop = "d0"
[store]
url = "{store}"
[http]
host = "127.0.0.1"
port = 0
[channels.{CHANNEL}]
enabled = true
bot_id = "{BOT}"
secret = "{SECRET}"
url = "{url}"
names = ["{NAME}"]
"""


class _Rows:
    """The rows of the four tables."""

    def __init__(self, grids: int) -> None:
        self.grids = range(grids)
        self.communities = range(-(-grids // GRIDS_OF_COMMUNITY))
        self.streets = range(-(-len(self.communities) // COMMUNITIES_OF_STREET))
        names = product(_KINDS, _FIRST, _SECOND)
        self.estates = [f"{a}{b}{kind}" for kind, a, b in islice(names, grids)]
        self.residents: dict[int, list[str]] = {}
        self.staff = grids + len(self.communities) + len(self.streets) + 1 + len(_OFFICES)

    def write(self, folder: Path, residents: int) -> None:
        _table(folder / AREAS, COLUMNS[AREAS], self.areas())
        _table(folder / PEOPLE, COLUMNS[PEOPLE], self.people(residents))
        _table(folder / GROUPS, COLUMNS[GROUPS], self.groups())
        _table(folder / PLACES, COLUMNS[PLACES], self.places())

    def areas(self) -> Iterable[Sequence[object]]:
        yield "d0", "district", "基准区", "", "", "", ""
        for n in self.streets:
            yield f"s{n}", "street", f"第{n}街道", "d0", "", "", ""
        for n in self.communities:
            street = f"s{n // COMMUNITIES_OF_STREET}"
            yield f"c{n}", "community", f"第{n}社区", street, "", 2400, ""
        for n in self.grids:
            community = f"c{n // GRIDS_OF_COMMUNITY}"
            yield f"g{n}", "grid", f"{self.estates[n]}网格", community, "resident", 300, ""

    def people(self, residents: int) -> Iterable[Sequence[object]]:
        yield "d0", "区网格中心", "district", "d0", "13700000000", "", "d0", "", ""
        for n, office in enumerate(_OFFICES):
            name, notes = office.split(",")
            yield f"p{n}", name, "department", "d0", f"1360000{n:04}", "", f"p{n}", "", notes
        for n in self.streets:
            yield (
                f"s{n}",
                f"第{n}指挥中心",
                "street",
                f"s{n}",
                f"1371000{n:04}",
                "",
                f"s{n}",
                "",
                "",
            )
        for n in self.communities:
            yield f"l{n}", _name(n), "leader", f"c{n}", f"1372000{n:04}", "", f"l{n}", "", ""
        for n in self.grids:
            other = f"w{n ^ 1}" if n ^ 1 in self.grids else ""
            yield f"w{n}", _name(n * 7), "worker", f"g{n}", f"138{n:08}", other, f"w{n}", "", ""
        for n in range(residents):
            grid = n % len(self.grids)
            key = f"r{grid}.{n // len(self.grids)}"
            self.residents.setdefault(grid, []).append(key)
            home = f"{self.estates[grid]}{BUILDINGS[n % 6]}号楼{n % UNITS + 1}单元{n % 6 + 1}02"
            row = (key, _name(n), "resident", f"g{grid}", f"139{n:08}", "", key)
            yield *row, home if n % 2 else "", ""

    def groups(self) -> Iterable[Sequence[object]]:
        for n in self.grids:
            yield f"g{n}.all", "residents", f"g{n}", f"{self.estates[n]}居民群", f"wrG{n:05}"
        for n in self.communities:
            yield f"c{n}.staff", "staff", f"c{n}", f"第{n}社区工作群", f"wrC{n:05}"

    def places(self) -> Iterable[Sequence[object]]:
        for n in self.grids:
            area, estate = f"g{n}", self.estates[n]
            yield area, "estate", estate, "", "", "", "", "", ""
            for number in BUILDINGS:
                row = (area, "building", f"{estate}{number}号楼", f"{number}栋;{number}幢", number)
                yield *row, UNITS, 11, "", ""
            yield area, "facility", "东门", "东大门", "", "", "", "", ""
            yield area, "facility", "充电车棚", "车棚", "", "", "", "hazard", "weekly"


def _name(number: int) -> str:
    given = _GIVEN[number // len(_FAMILY) % len(_GIVEN)] + _GIVEN[number // 7 % len(_GIVEN)]
    return _FAMILY[number % len(_FAMILY)] + given


def _table(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
