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
from wtforms.validators import InputRequired, Optional

GROUPS = [
    ("tcmn", "Thủ công mỹ nghệ"),
    ("cb", "Chế biến nông, lâm, thủy sản và đồ uống"),
    ("tb", "Thiết bị, máy móc, dụng cụ và phụ tùng cơ khí"),
    ("khac", "Sản phẩm khác"),
]


class PatternForm(FlaskForm):
    """A form with one field of every kind."""

    name = StringField("Tên sản phẩm", [InputRequired("Hãy ghi tên sản phẩm.")])
    revenue = StringField("Doanh thu năm trước", [Optional()])
    group = SelectField("Nhóm sản phẩm", choices=GROUPS)
    story = TextAreaField("Câu chuyện sản phẩm")
    form_kind = RadioField("Hình thức dự thi", choices=[("single", "Một sản phẩm"), ("set", "Một bộ sản phẩm")])
    markets = SelectMultipleField("Thị trường", choices=[("tinh", "Trong tỉnh"), ("nuoc", "Trong nước"), ("xk", "Xuất khẩu")])
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
        "user_menu": [{"label": "Tài khoản", "href": "#", "icon": "person"}, {"label": "Thông báo", "href": "#", "icon": "bell"}],
        "sign_out_url": "#",
        "search_url": "#",
        "demo_data": True,
        "footer_links": [{"label": "Thể lệ", "href": "#"}, {"label": "Dữ liệu mở", "href": "#"}],
        "pictures": {},
    }
