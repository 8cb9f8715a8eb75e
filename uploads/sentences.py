"""The Vietnamese sentences that people read when an upload fails."""

from __future__ import annotations

SENTENCES: dict[str, str] = {
    "empty_file": "Tệp rỗng, không có nội dung. Hãy chọn lại tệp.",
    "too_many_bytes": "Tệp lớn hơn mức cho phép là {limit_mb} MB. Hãy chọn tệp nhỏ hơn.",
    "unknown_kind": "Không nhận ra loại tệp này. Hãy gửi ảnh JPEG, PNG, WebP, HEIC hoặc tài liệu PDF.",
    "kind_not_allowed": "Mục này không nhận tệp loại {kind_name}. {slot_hint}",
    "name_contradicts_content": "Đuôi tên tệp “{suffix}” không khớp với nội dung của tệp ({kind_name}). "
    "Hãy gửi đúng tệp gốc.",
    "polyglot": "Tệp {kind_name} có ghép thêm nội dung loại khác ({also}) nên không được nhận. Hãy xuất lại tệp.",
    "damaged": "Tệp {kind_name} bị hỏng hoặc chưa tải xong. Hãy mở thử trên máy của bạn rồi gửi lại.",
    "too_many_pixels": "Ảnh có kích thước {width_px} × {height_px} điểm ảnh, vượt mức cho phép là "
    "{limit_megapixels} triệu điểm ảnh. Hãy thu nhỏ ảnh.",
    "too_few_pixels": "Ảnh chỉ có {width_px} × {height_px} điểm ảnh, quá nhỏ để xem. "
    "Mỗi cạnh cần ít nhất {limit_px} điểm ảnh.",
    "too_elongated": "Ảnh {width_px} × {height_px} điểm ảnh quá dài hoặc quá hẹp. Hãy cắt lại ảnh.",
    "too_complex": "Tệp quá phức tạp nên không kiểm tra được trong giới hạn an toàn ({limit_name}). "
    "Hãy xuất lại tệp đơn giản hơn.",
    "encrypted_document": "Tài liệu PDF đang đặt mật khẩu hoặc bị khóa. Hãy bỏ mật khẩu rồi gửi lại.",
    "active_content": "Tài liệu PDF có nội dung tự chạy ({feature_name}) nên không được nhận. "
    "Hãy in lại thành PDF thường rồi gửi.",
    "embedded_files": "Tài liệu PDF có tệp khác đính kèm bên trong nên không được nhận. Hãy gửi từng tệp riêng.",
    "too_many_pages": "Tài liệu có {pages} trang, vượt mức cho phép là {limit_pages} trang. "
    "Hãy chỉ gửi những trang cần thiết.",
    "workbook_too_large": "Bảng tính phình to quá mức khi mở ra nên không được nhận. Hãy chép dữ liệu sang tệp mẫu mới.",
    "infected": "Phần mềm diệt vi-rút báo tệp có mã độc. Tệp không được nhận.",
    "blob_missing": "Không tìm thấy tệp trong kho lưu trữ. Hãy báo cho ban tổ chức.",
    "blob_corrupt": "Tệp trong kho lưu trữ không còn nguyên vẹn. Hãy báo cho ban tổ chức.",
    "storage_full": "Kho lưu trữ đã hết chỗ nên tệp chưa được nhận. Hãy báo người quản trị rồi gửi lại.",
    "storage_unavailable": "Kho lưu trữ tạm thời không trả lời nên tệp chưa được nhận. Hãy gửi lại sau ít phút.",
    "invalid_key": "Mã tệp không hợp lệ.",
    "invalid_range": "Phần tệp được yêu cầu nằm ngoài tệp.",
    "partial_unknown": "Lần tải lên này không còn hiệu lực. Hãy chọn lại tệp để tải từ đầu.",
    "offset_conflict": "Phần tệp vừa gửi không nối tiếp phần đã nhận. Trình duyệt sẽ gửi lại từ chỗ dở.",
    "digest_mismatch": "Nội dung nhận được khác với nội dung đã gửi. Hãy tải lại tệp.",
    "partial_incomplete": "Tệp chưa tải xong: mới nhận {received_bytes} trong {total_bytes} byte.",
    "too_many_partials": "Đang có quá nhiều tệp tải dở (tối đa {limit}). Hãy hoàn tất hoặc hủy bớt.",
    "worker_unavailable": "Hệ thống đang bận kiểm tra tệp. Hãy thử lại sau ít phút.",
    "scanner_unavailable": "Phần mềm diệt vi-rút chưa sẵn sàng. Hãy thử lại sau ít phút.",
}
"""Code of an error to the sentence that a user reads; `{names}` are filled from `UploadError.words()`."""

KIND_NAMES: dict[str, str] = {
    "jpeg": "ảnh JPEG",
    "png": "ảnh PNG",
    "webp": "ảnh WebP",
    "heic": "ảnh HEIC",
    "pdf": "PDF",
    "gif": "ảnh động GIF",
    "svg": "hình vẽ SVG",
    "avif": "ảnh AVIF",
    "tiff": "ảnh TIFF",
    "bmp": "ảnh BMP",
    "zip": "nén hoặc Office (ZIP)",
    "xlsx": "bảng tính XLSX",
    "macro": "bảng tính có macro",
    "html": "trang HTML",
    "program": "chương trình",
}
"""Kind found by `uploads.sniffing` to its name in a sentence."""

FEATURE_NAMES: dict[str, str] = {
    "javascript": "mã JavaScript",
    "launch": "lệnh mở chương trình",
    "submit_form": "lệnh gửi dữ liệu ra ngoài",
    "remote_document": "lệnh mở tài liệu khác",
    "multimedia": "âm thanh, phim hoặc hình 3 chiều",
    "xfa_form": "biểu mẫu XFA",
}
"""Forbidden feature of a PDF to its name in a sentence."""

LIMIT_NAMES: dict[str, str] = {
    "memory": "bộ nhớ",
    "time": "thời gian",
    "output": "dung lượng",
    "objects": "số đối tượng",
}
"""Limit that a file ran into to its name in a sentence."""

SLOT_HINTS: dict[str, str] = {
    "photo": "Hãy gửi ảnh JPEG, PNG, WebP hoặc HEIC.",
    "paper": "Hãy gửi tài liệu PDF hoặc ảnh chụp JPEG, PNG, WebP, HEIC.",
    "scan": "Hãy gửi bản quét dạng PDF hoặc ảnh chụp JPEG, PNG, WebP, HEIC.",
    "workbook": "Hãy gửi bảng tính XLSX theo tệp mẫu.",
}
"""Name of a slot to what it accepts."""

WARNING_SENTENCES: dict[str, str] = {
    "too_small_for_print": "Ảnh nhỏ hơn 1181 × 1772 điểm ảnh nên in cỡ 10 × 15 cm sẽ không nét.",
    "blurry": "Ảnh có vẻ bị mờ. Hãy chụp lại nếu có thể.",
}
"""Code in `Received.warnings` to the advice that its sender reads."""

REMOVED_WORDS: dict[str, str] = {
    "alpha": "nền trong suốt",
    "animation": "các khung hình động",
    "colour_profile": "hồ sơ màu riêng",
    "digital_signature": "chữ ký số (không còn giá trị trên bản lưu)",
    "extra_pictures": "ảnh phụ kèm theo",
    "gps": "vị trí chụp",
    "links": "liên kết ra ngoài",
    "metadata": "thông tin kèm theo tệp",
    "open_action": "lệnh chạy khi mở",
    "oversampling": "độ phân giải quét thừa",
    "rotation": "hướng xoay của máy ảnh",
    "scaled_down": "phần kích thước vượt mức",
    "trailing_data": "dữ liệu thừa sau cuối tệp",
}
"""Code in `Received.removed` to what its sender reads was taken out."""
