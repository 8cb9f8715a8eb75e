"""The rules of a round in people's words: sections, choices, and where each default comes from."""

from __future__ import annotations

# The sections of the form, in order; every rule of RuleSet stands in exactly one.
SECTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "Chấm điểm",
        (
            "method",
            "minimum_sheets",
            "places",
            "stages",
            "stage_pass_mark",
            "stage_comparison",
            "stage_combination",
            "stage_first_percent",
            "gap_warning_points",
            "gap_from_median_points",
            "gap_criterion_percent",
            "gap_blocks_result",
            "blind",
            "show_comments",
            "show_self_assessment",
        ),
    ),
    (
        "Xét công nhận",
        (
            "pass_mark",
            "tie_break",
            "quota_total",
            "quota_groups",
            "quota_per_locality",
            "minimum_per_locality",
            "tiers",
        ),
    ),
    ("Hội đồng", ("quorum_percent", "majority_percent", "ballot")),
    ("Hồ sơ", ("direct_registration", "photos_minimum", "supplement_days")),
    ("Sau khi có quyết định", ("certificate_term_months", "complaint_days", "answer_days")),
)

CHOICES: dict[str, dict[str, str]] = {
    "method": {
        "mean": "Trung bình cộng các phiếu đã ký",
        "trimmed_mean": "Trung bình, bỏ phiếu cao nhất và thấp nhất",
        "median": "Trung vị",
    },
    "stages": {"1": "Một vòng", "2": "Hai vòng"},
    "stage_comparison": {"reached": "Từ điểm này trở lên", "exceeded": "Phải trên điểm này"},
    "stage_combination": {
        "last": "Chỉ lấy điểm vòng hai",
        "mean": "Trung bình của hai vòng",
        "weighted": "Hai vòng theo tỷ trọng",
    },
    "ballot": {"open": "Biểu quyết công khai", "secret": "Bỏ phiếu kín"},
    "tie_break": {
        "": "Không xét thêm",
        "criterion:1": "Điểm tiêu chí 1 cao hơn",
        "criterion:2": "Điểm tiêu chí 2 cao hơn",
        "criterion:3": "Điểm tiêu chí 3 cao hơn",
        "criterion:4": "Điểm tiêu chí 4 cao hơn",
        "lower_spread": "Các phiếu ít chênh nhau hơn",
    },
}

MARKS = {
    "A": ("Theo văn bản", "done"),
    "B": ("Theo thực tế đã công bố", "info"),
    "C": ("Suy ra từ văn bản", "plain"),
    "N": ("Mặc định của phần mềm", "wait"),
}

# The sources of app/reference/rules.toml, for readers of Vietnamese; a test holds the keys against RuleSet.
SOURCES: dict[str, str] = {
    "method": "Điểm bình quân của Ban Giám khảo: Bình Định 2022, Khánh Hòa 2023.",
    "minimum_sheets": "Chưa tìm thấy quy định; dưới ba phiếu thì điểm bình quân ít ý nghĩa.",
    "pass_mark": "70 điểm: Bình Định 2022, Thái Nguyên 2023, Khánh Hòa 2023, Bình Thuận 2022.",
    "places": "Chưa tìm thấy quy định; so với điểm sàn bằng điểm chính xác, chưa làm tròn.",
    "stages": "Một vòng; ban giám khảo cấp quốc gia năm 2019 chấm hai vòng.",
    "stage_pass_mark": "Ban giám khảo cấp quốc gia năm 2019 lấy mốc 70 điểm.",
    "stage_comparison": "Chưa tìm thấy quy định; bài viết về năm 2019 ghi “trên 70”.",
    "stage_combination": "Chưa tìm thấy quy định; năm 2019 chấm lại sau khi đi kiểm tra thực tế.",
    "stage_first_percent": "Chưa tìm thấy quy định; chỉ dùng khi tính theo tỷ trọng.",
    "gap_warning_points": "Chưa có quy định cho chương trình này; OCOP: chênh trên 10 điểm thì thảo luận và chấm lại.",
    "gap_from_median_points": "Chưa tìm thấy quy định; để trống thì không cảnh báo.",
    "gap_criterion_percent": "Chưa tìm thấy quy định; để trống thì không cảnh báo.",
    "gap_blocks_result": "Chưa có quy định cho chương trình này; OCOP yêu cầu thảo luận và chấm lại.",
    "blind": "Phiếu chấm mang mã số bình chọn (Phụ lục 4 TT 26/2014/TT-BCT); ẩn tên cơ sở là đề xuất.",
    "show_comments": "Chưa tìm thấy quy định.",
    "show_self_assessment": "Chưa tìm thấy quy định.",
    "tie_break": "Chưa tìm thấy quy định; nếu vẫn bằng điểm ở ngưỡng chỉ tiêu thì hội đồng biểu quyết.",
    "quota_total": "Không thấy mức trần trong văn bản; các tỉnh giới hạn theo kế hoạch (Bình Thuận 2022: 30).",
    "quota_groups": "Không thấy mức trần trong văn bản.",
    "quota_per_locality": "Không thấy mức trần trong văn bản.",
    "minimum_per_locality": "Chưa tìm thấy quy định.",
    "tiers": "Chỉ có ở một số địa phương, như Quảng Nam 2022–2024 (A, B, C, khuyến khích).",
    "quorum_percent": "Chưa có quy định cho chương trình này; mặc định hai phần ba, OCOP là 75%.",
    "majority_percent": "“Kết luận theo đa số”: Khánh Hòa 2019, Bắc Ninh 2025; tỷ lệ cụ thể chưa tìm thấy.",
    "ballot": "Chưa tìm thấy quy định; có nơi ghi “bỏ phiếu” (Quảng Nam 2014).",
    "direct_registration": (
        "Mặc định cần giấy chứng nhận cấp dưới còn hiệu lực: công văn 413/CTĐP-TTCN năm 2024; Quảng Nam 2024, "
        "Khánh Hòa 2019. Nếu kế hoạch của đợt nhận trực tiếp, hãy ghi kế hoạch đó làm căn cứ."
    ),
    "photos_minimum": "TT 14/2018/TT-BCT.",
    "supplement_days": "Chưa tìm thấy quy định.",
    "certificate_term_months": (
        "Điều 21 TT 26/2014/TT-BCT nói giấy có thời hạn, độ dài chưa tìm thấy: điền theo quyết định của bạn."
    ),
    "complaint_days": "Điều 20.1 TT 26/2014/TT-BCT.",
    "answer_days": "Điều 20.2 TT 26/2014/TT-BCT.",
}
