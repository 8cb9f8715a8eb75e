"""Sentences for faults of an imported workbook; each stands beside its cell."""

from __future__ import annotations

SENTENCES: dict[str, str] = {
    "import_no_workbook": "Đây không phải bảng tính .xlsx. Hãy mở tệp trong Excel hoặc LibreOffice, chọn Lưu thành, "
    "kiểu .xlsx, rồi gửi lại.",
    "import_sheet": "Bảng tính không có trang “%(name)s”. Hãy dùng tệp mẫu.",
    "import_head": "Ô này phải là tiêu đề “%(name)s”. Hãy dùng tệp mẫu, không đổi thứ tự cột.",
    "import_question": "Không có câu hỏi nào tên như vậy trong mẫu hồ sơ. "
    "Hãy chép đúng tiêu đề của tệp mẫu, hoặc xóa cột này.",
    "import_question_twice": "Cột này lặp lại một cột trước. Hãy xóa bớt.",
    "import_empty": "Chưa có dòng nào. Hãy điền từ dòng 2.",
    "import_too_long": "Mỗi lần nhập nhiều nhất %(maximum)s dòng. Hãy chia thành nhiều tệp.",
    "import_commune": "Không có xã, phường, đặc khu này trong tỉnh đã ghi. Hãy dùng tên hiện nay.",
    "import_day": "Ngày chưa đúng. Hãy ghi ngày/tháng/năm, ví dụ 05/11/2026.",
    "import_twice": "Dòng này lặp lại một dòng trước trong bảng tính.",
    "import_number": "Hãy ghi một số nguyên, chỉ gồm chữ số.",
    "past_year": "Năm phải từ %(first)s đến %(last)s.",
    "past_twice": "Sản phẩm này của cơ sở này năm %(year)s đã có trong danh sách.",
    "past_place": "Không có địa phương nào tên như vậy, vào ngày quyết định cũng như hiện nay.",
    "past_ends_before": "Ngày hết giá trị không được trước ngày quyết định.",
    "score_no_paper": "Không có phiếu giấy nào của giám khảo này cho mã số này; phiếu phải được quét trước.",
    "score_other_person": "Tệp này do người khác tải. Mỗi người tự tải mẫu và nhập lần của mình.",
}
