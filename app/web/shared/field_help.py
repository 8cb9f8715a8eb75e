"""Help at the field: one or two sentences behind a question mark, for what people stumble over.

Keys are the names of form fields, so that a field gets its help on every page where it stands; pages that write their
fields by hand ask for a key with the macro ``field_help_line``.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _

HELP: Mapping[str, str] = {
    # A facility and its dossier
    "tax_code": (
        "10 số, thêm 3 số nếu là đơn vị trực thuộc. Hộ kinh doanh ghi mã số thuế của hộ hoặc số định danh cá nhân 12 "
        "số của chủ hộ. Hệ thống kiểm tra số cuối nên gõ nhầm một số là biết ngay."
    ),
    "registration_number": (
        "Ghi đúng như trên giấy đăng ký kinh doanh hoặc đăng ký hợp tác xã. Tổ giúp việc đối chiếu số này với bản "
        "chụp mà bạn gửi kèm."
    ),
    "average_income_vnd": "Lấy tổng tiền công, tiền lương của một năm, chia cho số lao động rồi chia cho 12.",
    "commune_id": (
        "Chọn theo tên gọi hiện nay. Giấy chứng nhận in tên đơn vị hành chính của đúng ngày cấp, dù sau này đổi tên."
    ),
    "form": (
        "Chọn “bộ sản phẩm” khi nhiều món cùng chất liệu hoặc cùng kiểu dáng, công dụng và được giới thiệu chung; cả "
        "bộ được chấm một lần và nhận một giấy chứng nhận."
    ),
    "group_code": (
        "Chọn theo bản chất của sản phẩm, không theo nơi bán. Mỗi nhóm có bảng xếp hạng riêng; nếu chọn "
        "nhầm, tổ giúp việc sẽ báo khi kiểm tra hồ sơ."
    ),
    "expires_on": "Ngày cuối cùng giấy còn hiệu lực, ghi trên giấy. Giấy không ghi thời hạn thì để trống.",
    # The rules of a round
    "method": (
        "Trung bình cộng tính mọi phiếu đã ký. Bỏ phiếu cao nhất và thấp nhất chỉ có nghĩa khi mỗi sản phẩm có nhiều phiếu."
    ),
    "minimum_sheets": "Sản phẩm có ít phiếu đã ký hơn số này thì không được xếp hạng, dù điểm cao.",
    "pass_mark": (
        "So với điểm đã làm tròn như khi công bố. Đạt điểm sàn mới được đề xuất, nhưng chưa chắc được công nhận nếu "
        "có chỉ tiêu."
    ),
    "places": (
        "Điểm được tính đúng rồi mới làm tròn một lần. Xếp hạng so bằng điểm đã làm tròn; bằng nhau thì xét tiếp theo"
        " thứ tự khi bằng điểm."
    ),
    "tie_break": (
        "Xét lần lượt từ trên xuống khi hai sản phẩm bằng điểm. Xét hết mà vẫn bằng thì hai sản phẩm cùng hạng, và "
        "hội đồng biểu quyết nếu chỉ tiêu cắt giữa chúng."
    ),
    "quota_total": (
        "Để trống nếu không giới hạn. Sản phẩm bằng điểm ở đúng vạch chỉ tiêu được nêu rõ để hội đồng quyết định."
    ),
    "quota_groups": "Để trống nhóm nào thì nhóm đó không có giới hạn riêng. Chỉ tiêu nhóm được xét cùng với chỉ tiêu chung.",
    "tiers": "Đợt không xếp hạng thì để trống. Ghi từ hạng cao xuống, mỗi hạng một mức điểm thấp nhất.",
    "certificate_term_months": "Đếm từ ngày ghi trên giấy. 60 tháng là năm năm.",
    "quorum_percent": "Tỷ lệ thành viên phải có mặt thì phiên họp mới biểu quyết được.",
    "gap_warning_points": (
        "Hai phiếu của cùng một sản phẩm chênh quá mức này thì trưởng ban được báo để xem lại; điểm không tự đổi."
    ),
    "supplement_days": "Đếm ngày làm việc, không tính ngày nghỉ, ngày lễ.",
    "blind": "Giám khảo chỉ thấy mã số và sản phẩm, không thấy tên và địa chỉ của cơ sở.",
    # The rubric
    "rubric_step": "Điểm giám khảo ghi phải là bội số của bước. Bước 0,5 cho phép 34,5 nhưng không cho phép 34,2.",
    "rubric_parts": (
        "Hoặc không chỉ tiêu nào có điểm riêng, hoặc mọi chỉ tiêu đều có và cộng lại đúng bằng điểm của tiêu chí."
    ),
    "rubric_levels": (
        "Mức giúp các giám khảo hiểu điểm giống nhau; mức không thay cho điểm. Các khoảng không được chồng lên nhau."
    ),
    "merge_rule": (
        "Bộ lấy nguyên phiếu chấm của một sản phẩm, không cộng hay chia điểm, để vẫn kiểm tra lại được từng phiếu."
    ),
    # Phases
    "phase_registration": "Cơ sở nộp và sửa hồ sơ trong khoảng này. Hồ sơ nộp sau giây cuối cùng không được nhận.",
    "phase_checking": "Tổ giúp việc kiểm tra và yêu cầu bổ sung; cơ sở chỉ sửa phần được yêu cầu.",
    "phase_judging": "Khi mở chấm, quy tắc, tiêu chí và danh sách giám khảo bị khóa. Khi đóng, phiếu không sửa được nữa.",
    "phase_deliberation": "Kết quả được tính, hội đồng họp và biểu quyết. Chưa ai ngoài hội đồng và tổ giúp việc thấy điểm.",
    "phase_published": "Kết quả ra công khai và thời hạn khiếu nại bắt đầu.",
    # Papers and seats
    "pattern": (
        "Phần trong ngoặc nhọn được thay khi cấp: {number:5} là số thứ tự năm chữ số, {year} là năm. Số đã cấp không "
        "bao giờ dùng lại."
    ),
    "ballot": "Bỏ phiếu kín thì hệ thống chỉ giữ tổng số phiếu, không giữ ai bầu thế nào.",
    "release_at": (
        "Đến giờ này kết quả tự hiện ra nếu mọi điều kiện đã đủ. Thiếu điều kiện thì không công bố gì, và tổ giúp "
        "việc được báo lý do."
    ),
    "maximum_load": "Khi phân công tự động, giám khảo không nhận quá số phiếu này.",
}


def field_help(name: str) -> str:
    """The help of a field in the reader's language; empty where there is none."""
    return _(HELP[name]) if name in HELP else ""
