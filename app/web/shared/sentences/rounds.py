"""Sentences for the refusals of rounds, their rules, rubrics and phases."""

from __future__ import annotations

SENTENCES: dict[str, str] = {
    # founding
    "code_taken": "Mã %(code)s đã được dùng cho một đợt khác.",
    "unit_of_other_level": "Địa bàn này không thuộc cấp đã chọn.",
    "unit_ended": "%(name)s đã được sắp xếp lại thành nhiều đơn vị. Hãy chọn địa bàn cho đợt mới.",
    "closes_before_opens": "Thời điểm đóng phải sau thời điểm mở.",
    # freezing
    "frozen": "Quy tắc, bộ tiêu chí và danh sách giám khảo đã khóa khi mở chấm điểm (mã %(digest)s…). Không sửa được nữa.",
    "not_frozen": "Đợt này chưa mở chấm điểm nên quy tắc và bộ tiêu chí chưa được khóa.",
    # phases
    "phase_over": "Giai đoạn này đã qua nên thời gian của nó được giữ nguyên.",
    "phase_not_next": "Đợt bình chọn không thể chuyển thẳng sang giai đoạn này.",
    "publish_by_order": "Kết quả chỉ được công bố khi đã ghi nhận quyết định công nhận.",
    "not_ready": "Chưa chuyển giai đoạn được: còn %(count)s điều kiện chưa đạt.",
    # rubrics
    "rubric_not_statutory": "Bốn tiêu chí với điểm tối đa 40/40/10/10 theo Thông tư 26/2014/TT-BCT, không thay đổi được.",
    "rubric_invalid": "%(reason)s.",
    "step_does_not_fit": "Bước điểm phải lớn hơn 0 và chia hết điểm tối đa %(maximum)s.",
}
