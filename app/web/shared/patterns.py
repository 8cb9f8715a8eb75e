"""Sample data of the pattern page: every macro with something to show. Nothing here is real."""

from types import SimpleNamespace

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    FileField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from app.web.shared.pictures import Picture, bar_chart, histogram, line_chart, stacked_bar_chart, strip_chart
from app.web.shared.tilemap import tile_map

GROUPS = [
    ("tcmn", "Thủ công mỹ nghệ"),
    ("cb", "Chế biến nông, lâm, thủy sản và đồ uống"),
    ("tb", "Thiết bị, máy móc, dụng cụ và phụ tùng cơ khí"),
    ("khac", "Sản phẩm khác"),
]


def _choices(pairs: list[tuple[str, str]]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in pairs]


class PatternForm(FlaskForm):  # type: ignore[misc]
    """A form with one field of every kind."""

    name = StringField("Tên sản phẩm", [InputRequired("Hãy ghi tên sản phẩm.")])
    revenue = StringField("Doanh thu năm trước", [Optional()])
    group = SelectField("Nhóm sản phẩm", choices=_choices(GROUPS))
    story = TextAreaField("Câu chuyện sản phẩm")
    form_kind = RadioField("Hình thức dự thi", choices=_choices([("single", "Một sản phẩm"), ("set", "Một bộ sản phẩm")]))
    markets = SelectMultipleField(
        "Thị trường", choices=_choices([("tinh", "Trong tỉnh"), ("nuoc", "Trong nước"), ("xk", "Xuất khẩu")])
    )
    photo = FileField("Ảnh sản phẩm")
    consent = BooleanField("Tôi cam đoan các nội dung kê khai là đúng")


def _form() -> PatternForm:
    """A form as it comes back with one mistake."""
    form = PatternForm(meta={"csrf": False}, formdata=None, data={"group": "cb", "form_kind": "single", "markets": ["tinh"]})
    form.story.data = "Nước mắm ủ chượp trong thùng gỗ bời lời mười tám tháng, kéo rút bằng tay."
    form.name.errors = ["Hãy ghi tên sản phẩm."]
    form.form_errors = []
    return form


def _entries() -> list[SimpleNamespace]:
    rows = [
        ("TCMN-017", "Bộ ấm chén men tro", "Hợp tác xã Gốm mẫu", "84,00", "Đủ điều kiện", "done"),
        ("CB-041", "Nước mắm ủ thùng gỗ Ẵng Kđăm", "Hộ kinh doanh Minh Họa", "79,50", "Yêu cầu bổ sung", "wait"),
        ("TB-006", "Máy tách vỏ đậu phụng", "Công ty TNHH Cơ khí Mẫu", "61,25", "Bị loại", "wrong"),
        ("KH-002", "Nến sáp ong rừng", "Tổ hợp tác Ví Dụ", None, "Nháp", "plain"),
    ]
    keys = ("code", "title", "facility", "points", "word", "tone")
    return [SimpleNamespace(**dict(zip(keys, row, strict=True))) for row in rows]


def _pictures() -> dict[str, Picture]:
    groups = [text for _, text in GROUPS]
    marks = [58, 61, 62, 66, 68, 70, 71, 71, 73, 74, 75, 75, 76, 78, 78, 79, 80, 81, 83, 84, 84, 86, 88, 91, 93]
    judges = [
        ("Giám khảo 1", [72, 75, 78, 81, 84]),
        ("Giám khảo 2", [64, 69, 71, 77, 79]),
        ("Giám khảo 3", [80, 82, 86, 88, 95]),
    ]
    return {
        "groups": bar_chart(
            "Hồ sơ theo nhóm",
            "Nhóm chế biến có nhiều hồ sơ nhất.",
            list(zip(groups, (52, 194, 33, 31), strict=True)),
            header=("Nhóm", "Hồ sơ"),
        ),
        "screening": stacked_bar_chart(
            "Kiểm tra hồ sơ theo nhóm",
            "Phần lớn hồ sơ đủ điều kiện.",
            list(zip(groups, ((40, 8, 4), (150, 30, 14), (25, 6, 2), (28, 2, 1)), strict=True)),
            series=("Đủ điều kiện", "Chờ bổ sung", "Bị loại"),
            header="Nhóm",
        ),
        "spread": histogram(
            "Phân bố điểm bình quân",
            "Đỉnh ở 75 đến 80 điểm.",
            marks,
            range(50, 101, 5),
            header=("Khoảng điểm", "Số sản phẩm"),
            marks=[(70, "điểm sàn 70")],
        ),
        "severity": strip_chart(
            "Điểm của từng giám khảo",
            "Giám khảo 3 cho điểm cao hơn hai người kia.",
            judges,
            low=50,
            high=100,
            header=("Giám khảo", "Số phiếu", "Thấp nhất", "Cao nhất"),
            marks=[(77, "trung vị 77")],
            odd={"Giám khảo 3": frozenset({4})},
        ),
        "years": line_chart(
            "Sản phẩm được công nhận qua các năm",
            "Số sản phẩm tăng qua từng đợt.",
            (2019, 2021, 2023, 2025),
            [
                ("Cấp tỉnh", (310, 402, 455, 520)),
                ("Cấp khu vực", (120, None, 160, 171)),
                ("Cấp quốc gia", (100, 110, 128, 140)),
            ],
            header="Năm",
        ),
        "map34": tile_map(
            "Sản phẩm theo tỉnh, thành phố",
            "34 tỉnh, thành phố và hai quần đảo Hoàng Sa, Trường Sa.",
            {"01": 24, "37": 11, "48": 9, "56": 14, "79": 18, "92": 4},
            layout=34,
            header=("Tỉnh, thành phố", "Sản phẩm"),
        ),
        "map63": tile_map(
            "Sản phẩm theo 63 tỉnh, thành phố",
            "63 tỉnh, thành phố trước ngày 01/7/2025 và hai quần đảo.",
            {"01": 24, "35": 5, "48": 9, "56": 7, "79": 18, "84": 3},
            layout=63,
            header=("Tỉnh, thành phố", "Sản phẩm"),
        ),
    }


def pattern_context() -> dict[str, object]:
    """Everything that `shared/patterns.html` needs; must be called inside a request (the form reads it)."""
    return {
        "form": _form(),
        "entries": _entries(),
        "nav_items": [
            {"label": "Việc cần làm", "href": "#viec", "count": 4},
            {"label": "Đợt bình chọn", "href": "#dau", "active": True},
            {"label": "Hồ sơ", "href": "#bang"},
            {"label": "Giấy chứng nhận", "href": "#cong-khai"},
            {"label": "Báo cáo", "href": "#bieu-do"},
        ],
        "user_name": "Thư ký Giang",
        "user_unit": "Sở Công Thương (dữ liệu mẫu)",
        "user_menu": [
            {"label": "Tài khoản", "href": "#", "icon": "person"},
            {"label": "Thông báo", "href": "#", "icon": "bell"},
        ],
        "sign_out_url": "#",
        "search_url": "#",
        "demo_data": True,
        "footer_links": [{"label": "Thể lệ", "href": "#"}, {"label": "Dữ liệu mở", "href": "#"}],
        "pictures": _pictures(),
    }
