"""The real figures that the demo's rounds are cut to. Firms, people and products are invented.

Sources: national 2021 (310 entries from 58 of 63 provinces, 52/194/33/31 by group, 200 certified):
the account of the national conference of 10/12/2021 and QĐ 1997/QĐ-BCT. North 2020 (194 entries,
66/104/12/12, 24 localities, 110 certified): arit.gov.vn. Bình Thuận 2022 (45 entries, 7/36/2/0,
9 judges, quota 30).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from app.domain.deadlines import local_date
from app.domain.vocabulary import LevelCode
from app.infra.clock import now

SEED = 20211210
GROUPS = ("TCMN", "CB", "CK", "KHAC")


@dataclass(frozen=True)
class RoundFigures:
    """What one demo round looks like. Dates are local days; counts are entries by group.

    ``opens`` is the day on which registration opens, or how many days before today: a round that is under way stays so.
    """

    code: str
    name: str
    year: int
    level: LevelCode
    counts: Mapping[str, int]
    localities: int
    opens: date | int
    authority: str
    signer_title: str
    place: str
    host: str
    quota: int | None = None
    recognised: int = 0
    order_number: str = ""
    order_on: date | None = None
    region: str | None = None
    province: str | None = None
    commune: str | None = None
    stages: int = 1
    stage_pass_mark: int = 70
    term_months: int = 60
    panel: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def opens_on(self) -> date:
        """The day on which registration opens."""
        return self.opens if isinstance(self.opens, date) else local_date(now()) - timedelta(days=self.opens)

    @property
    def total(self) -> int:
        """All entries."""
        return sum(self.counts.values())


def counts(*numbers: int) -> dict[str, int]:
    """Numbers by group, in the order of the groups."""
    return dict(zip(GROUPS, numbers, strict=True))


NATION_2021 = RoundFigures(
    code="QG-2021",
    name="Bình chọn sản phẩm CNNT tiêu biểu cấp quốc gia năm 2021",
    year=2021,
    level=LevelCode.NATION,
    counts=counts(52, 194, 33, 31),
    localities=58,
    opens=date(2021, 3, 1),
    authority="Bộ Công Thương",
    signer_title="BỘ TRƯỞNG",
    place="Hà Nội",
    host="Hội đồng bình chọn cấp quốc gia (dữ liệu mẫu)",
    quota=200,
    recognised=200,
    order_number="0000/QĐ-MẪU",
    order_on=date(2021, 8, 23),
    term_months=84,
)
NORTH_2020 = RoundFigures(
    code="KV-B-2020",
    name="Bình chọn sản phẩm CNNT tiêu biểu khu vực phía Bắc năm 2020",
    year=2020,
    level=LevelCode.REGION,
    counts=counts(66, 104, 12, 12),
    localities=24,
    opens=date(2020, 3, 2),
    authority="Cục Công Thương địa phương",
    signer_title="CỤC TRƯỞNG",
    place="Hà Nội",
    host="Hội đồng bình chọn khu vực phía Bắc (dữ liệu mẫu)",
    quota=110,
    recognised=110,
    order_number="00/QĐ-MẪU",
    order_on=date(2020, 8, 21),
    region="north",
)
JUDGING_2026 = RoundFigures(
    code="T-68-2026",
    name="Bình chọn sản phẩm CNNT tiêu biểu tỉnh Lâm Đồng năm 2026",
    year=2026,
    level=LevelCode.PROVINCE,
    counts=counts(7, 36, 2, 0),
    localities=11,
    opens=120,
    authority="Ủy ban nhân dân tỉnh Lâm Đồng",
    signer_title="CHỦ TỊCH",
    place="Lâm Đồng",
    host="Sở Công Thương tỉnh Lâm Đồng (dữ liệu mẫu)",
    quota=30,
    province="Lâm Đồng",
)
COUNCIL_2026 = RoundFigures(
    code="T-56-2026",
    name="Bình chọn sản phẩm CNNT tiêu biểu tỉnh Khánh Hòa năm 2026",
    year=2026,
    level=LevelCode.PROVINCE,
    counts=counts(3, 9, 0, 2),
    localities=6,
    opens=174,
    authority="Ủy ban nhân dân tỉnh Khánh Hòa",
    signer_title="CHỦ TỊCH",
    place="Khánh Hòa",
    host="Sở Công Thương tỉnh Khánh Hòa (dữ liệu mẫu)",
    quota=10,
    province="Khánh Hòa",
)
OPEN_2026 = RoundFigures(
    code="T-24-2026",
    name="Bình chọn sản phẩm CNNT tiêu biểu tỉnh Bắc Ninh năm 2026",
    year=2026,
    level=LevelCode.PROVINCE,
    counts=counts(5, 6, 1, 1),
    localities=7,
    opens=34,
    authority="Ủy ban nhân dân tỉnh Bắc Ninh",
    signer_title="CHỦ TỊCH",
    place="Bắc Ninh",
    host="Sở Công Thương tỉnh Bắc Ninh (dữ liệu mẫu)",
    province="Bắc Ninh",
)
TWO_STAGES_2026 = RoundFigures(
    code="T-04-2026",
    name="Bình chọn sản phẩm CNNT tiêu biểu tỉnh Cao Bằng năm 2026",
    year=2026,
    level=LevelCode.PROVINCE,
    counts=counts(4, 2, 0, 0),
    localities=3,
    opens=125,
    authority="Ủy ban nhân dân tỉnh Cao Bằng",
    signer_title="CHỦ TỊCH",
    place="Cao Bằng",
    host="Sở Công Thương tỉnh Cao Bằng (dữ liệu mẫu)",
    province="Cao Bằng",
    stages=2,
    stage_pass_mark=80,
)
COMMUNE_2026 = RoundFigures(
    code="X-07282-2026",
    name="Bình chọn sản phẩm CNNT tiêu biểu xã Đồng Kỳ năm 2026",
    year=2026,
    level=LevelCode.COMMUNE,
    counts=counts(2, 2, 0, 0),
    localities=1,
    opens=97,
    authority="Ủy ban nhân dân xã Đồng Kỳ",
    signer_title="CHỦ TỊCH",
    place="Đồng Kỳ",
    host="Ủy ban nhân dân xã Đồng Kỳ (dữ liệu mẫu)",
    province="Bắc Ninh",
    commune="Đồng Kỳ",
)
