"""Sentences for the refusals of registration."""

from __future__ import annotations

SENTENCES: dict[str, str] = {
    # facilities
    "tax_code_shape": "Mã số thuế có 10 hoặc 13 chữ số; hộ kinh doanh dùng số định danh cá nhân 12 chữ số.",
    "tax_code_check": "Mã số thuế chưa đúng: chữ số kiểm tra không khớp. Hãy xem lại từng số.",
    "tax_code_personal": "Chỉ hộ kinh doanh dùng số định danh cá nhân 12 chữ số làm mã số thuế.",
    "phone_invalid": "Số điện thoại chưa đúng. Hãy ghi như 0912 345 678 hoặc 0222 3822 456.",
    "no_account": "Chưa có tài khoản nào dùng địa chỉ thư này. Hãy nhờ người đó đăng ký tài khoản trước.",
    "already_member": "Người này đã cùng soạn hồ sơ của cơ sở.",
    "owners_only": "Chỉ người đại diện của cơ sở làm được việc này.",
    "last_owner": "Cơ sở cần ít nhất một người đại diện.",
    "facility_not_eligible": "%(reason)s Căn cứ: %(article)s.",
    # registering
    "consent_required": "Nhập thay cơ sở cần ghi rõ người đại diện đã đồng ý.",
    "outside_territory": "Đợt bình chọn này không dành cho địa bàn của cơ sở.",
    "already_registered": "Cơ sở đã đăng ký sản phẩm này trong đợt bình chọn.",
    "set_items_missing": "Hãy kể các món trong bộ.",
    "group_is_fixed": "Hồ sơ đã có mã số nên không đổi được nhóm sản phẩm.",
    "not_open_yet": "Đợt này nhận hồ sơ từ %(opens_at)s.",
    "deadline_passed": "Hạn nộp là %(closes_at)s (giờ Việt Nam); bây giờ là %(now)s nên không nộp được nữa.",
    # the dossier
    "not_editable": "Hồ sơ đã nộp nên không sửa được, trừ khi tổ giúp việc yêu cầu bổ sung.",
    "unknown_question": "Câu hỏi này không có trong mẫu hồ sơ.",
    "not_text": "Nội dung chưa đúng; hãy nhập lại.",
    "decimal_point": "Hãy dùng dấu phẩy cho phần lẻ, như 12,5; dấu chấm chỉ để tách hàng nghìn.",
    "not_whole": "Hãy nhập số nguyên, không có phần lẻ.",
    "at_least": "Số nhỏ nhất là %(minimum)s.",
    "at_most": "Số lớn nhất là %(maximum)s.",
    "not_a_year": "Năm %(year)s không đúng.",
    "photo_twice": "Ảnh này đã có trong hồ sơ.",
    "too_many_photos": "Mỗi hồ sơ có nhiều nhất %(maximum)s ảnh.",
    "paper_twice": "Tệp này đã có ở mục này.",
    "too_many_papers": "Mỗi hồ sơ có nhiều nhất %(maximum)s giấy tờ.",
    "ends_before_issue": "Ngày hết hạn phải sau ngày cấp.",
    "file_missing": "Hãy chọn tệp.",
    # submitting
    "photos_missing": "Cần ít nhất %(minimum)s ảnh; hồ sơ mới có %(count)s.",
    "paper_missing": "Còn thiếu: %(name)s.",
    "paper_expired": "%(name)s đã hết hạn ngày %(day)s.",
    "paper_advised": "Chưa có %(name)s; cấp này thường yêu cầu.",
    "answer_missing": "Chưa trả lời: %(label)s",
    "condition_missing": "Hãy đánh dấu đủ các điều kiện của sản phẩm.",
    "declaration_missing": "Hãy cam đoan thông tin đã khai là đúng sự thật.",
    "not_submittable": "Hồ sơ này đã được nộp hoặc đã rút.",
    "no_supplement": "Hồ sơ này không có yêu cầu bổ sung nào đang chờ.",
    "supplement_late": "Hạn bổ sung là %(due_at)s (giờ Việt Nam); bây giờ là %(now)s nên không gửi được nữa.",
    "supplement_unanswered": "Hồ sơ chưa có gì thay đổi. Hãy bổ sung, hoặc viết vài dòng trả lời.",
    "not_withdrawable": "Hồ sơ đã được kiểm tra xong nên không rút được trên trang này.",
}
