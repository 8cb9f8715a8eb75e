"""Sentences for the refusals of panels, conflicts and judging."""

from __future__ import annotations

SENTENCES: dict[str, str] = {
    # panels
    "no_such_account": "Không có tài khoản đang hoạt động với địa chỉ này. Người đó cần đăng ký tài khoản trước.",
    "already_seated": "Người này đã có tên trong ban giám khảo.",
    "chair_taken": "Ban giám khảo đã có trưởng ban.",
    "invitation_sign_in": "Địa chỉ này đã có tài khoản. Hãy đăng nhập rồi mở lại liên kết để nhận lời.",
    "invitation_roster": "Danh sách ban giám khảo đã khóa nên không nhận lời được nữa. Hãy liên hệ tổ giúp việc.",
    # assignment
    "nothing_to_assign": "Chưa có sản phẩm đủ điều kiện hoặc chưa có giám khảo để phân công.",
    "assignment_infeasible": "Không phân công được: %(count)s sản phẩm không đủ giám khảo.",
    "assignment_invalid": "Yêu cầu phân công không hợp lệ: %(reason)s.",
    "plan_changed": "Dữ liệu đã thay đổi sau khi bạn xem trước. Hãy xem lại bảng phân công mới.",
    # conflicts of interest
    "declare_first": "Bạn cần khai xung đột lợi ích trước khi hồ sơ được mở.",
    "conflict_pending": "Bạn đã khai xung đột với sản phẩm này. Hồ sơ đóng cho đến khi trưởng ban quyết định.",
    "conflict_facility_missing": "Hãy đánh dấu cơ sở có xung đột, hoặc chọn “Không có xung đột”.",
    "conflict_contradiction": "Bạn đã đánh dấu cơ sở nhưng lại chọn “Không có xung đột”. Hãy bỏ dấu hoặc khai.",
    "conflict_kind_missing": "Hãy chọn loại xung đột.",
    "conflict_reason_missing": "Hãy ghi lý do.",
    "already_ruled": "Khai báo này đã được quyết định.",
    "own_declaration": "Trưởng ban không tự bác khai báo của chính mình; chỉ có thể rút khỏi việc chấm.",
    # sheets
    "judging_not_open": "Đợt này chưa mở chấm điểm.",
    "sheet_signed": "Phiếu đã ký nên không sửa được. Trưởng ban có thể mở lại phiếu, kèm lý do.",
    "sheet_not_signed": "Chỉ mở lại được phiếu đã ký.",
    "operation_missing": "Yêu cầu lưu thiếu mã thao tác.",
    "operation_reused": "Mã thao tác này đã dùng cho một nội dung khác.",
    "version_missing": "Yêu cầu lưu thiếu số phiên bản của phiếu.",
    "points_not_text": "Điểm phải được gửi dưới dạng chữ, ví dụ “34,5”.",
    "operations_wrong": "Yêu cầu gửi không đọc được; mỗi lần gửi nhiều nhất %(maximum)s việc.",
    "sheet_gone": "Phiếu này không còn được phân công cho bạn, nên điểm trên máy không gửi được.",
    # stages
    "single_stage": "Đợt này chỉ chấm một vòng.",
    "stage_closed": "Vòng một đã đóng nên phiếu của vòng này không sửa được nữa.",
    "stage_unsigned": "Còn %(count)s phiếu vòng một chưa ký.",
    "stage_conflicts": "Còn %(count)s khai báo xung đột lợi ích chờ trưởng ban quyết định.",
    "stage_insufficient": "Còn %(count)s sản phẩm chưa đủ phiếu để biết có vào vòng hai hay không.",
    "stage_changed": "Phiếu vòng một đã thay đổi sau khi bạn mở trang. Hãy xem lại danh sách mới.",
    "first_stage_open": "Vòng một chưa đóng nên chưa có kết quả của hai vòng.",
    # discrepancies
    "discrepancies_open": (
        "Còn %(count)s cảnh báo chênh lệch điểm chưa được giải quyết: trưởng ban giám khảo đề nghị giám khảo xem lại phiếu, "
        "hoặc giữ nguyên kèm ghi chú."
    ),
    "alert_note_missing": "Hãy ghi lý do, để người đọc biên bản hiểu.",
    "no_alert": "Sản phẩm %(entry)s không có cảnh báo chênh lệch nào đang chờ.",
    # points
    "points_empty": "Chưa nhập điểm.",
    "points_not_plain": "“%(text)s” không phải là số điểm hợp lệ; hãy nhập dạng 34,5.",
    "points_negative": "Điểm không được âm: “%(text)s”.",
    "points_too_long": "Số điểm dài quá %(limit)s ký tự.",
    "points_above_maximum": "Điểm %(value)s vượt điểm tối đa %(maximum)s.",
    "points_off_step": "Điểm %(value)s không phải là bội số của bước điểm %(step)s.",
    "criterion_unknown": "Bộ tiêu chí không có tiêu chí %(criterion)s.",
    # paper sheets that come back
    "scan_sent_before": "Tệp này đã được gửi trong đợt này rồi.",
    "scan_being_read": "Tệp này đang được đọc hoặc đã đọc xong.",
    "scan_settled": "Trang này đã được xử lý.",
    "scan_not_settled": "Trang này chưa được để riêng.",
    "scan_not_matchable": "Phiếu in cho đợt khác hoặc theo bộ tiêu chí khác thì không ghép được; hãy để riêng kèm lý do.",
    "paper_entered": "Phiếu này đã vào sổ điểm. Nếu cần sửa, trưởng ban mở lại phiếu.",
    "paper_keyed_twice": "Phiếu này đã có hai lần nhập; chờ người thứ ba xem lại.",
    "paper_keyed_by_you": "Bạn đã nhập phiếu này; lần nhập tiếp theo phải do người khác.",
    "paper_own_sheet": "Đây là phiếu chấm của chính bạn nên người khác phải nhập.",
    "paper_unsigned": "Phiếu không có chữ ký của giám khảo thì không nhập; hãy để riêng kèm lý do.",
    "paper_not_differing": "Phiếu này không chờ xem lại.",
    "paper_not_held": "Phiếu này không bị giữ lại.",
    "paper_withdrawn": "Phân công này đã được rút hoặc sản phẩm không còn được chấm.",
    "paper_signed_on_screen": "Giám khảo đã ký phiếu này trên màn hình; phiếu giấy không ghi đè lên.",
    "paper_not_declared": "Giám khảo chưa khai xung đột lợi ích nên phiếu chưa vào sổ được.",
    "paper_conflict_pending": "Giám khảo khai có xung đột với sản phẩm này; chờ trưởng ban quyết định.",
    "paper_recused": "Giám khảo đã rút khỏi việc chấm sản phẩm này.",
    "paper_no_such_assignment": "Giám khảo này không được phân công chấm sản phẩm này.",
    # paper
    "paper_code_unfit": "Không in được mã QR của phiếu này: mã đợt, mã sản phẩm hoặc mã giám khảo có ký tự lạ.",
}
