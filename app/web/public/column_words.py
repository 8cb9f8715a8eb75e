"""What each column of the open data says."""

from __future__ import annotations

COLUMNS = {
    "id": "Mã không đổi: mã đợt và mã số bình chọn, hoặc mã đợt",
    "name": "Tên sản phẩm hoặc tên đợt",
    "facility": "Tên cơ sở",
    "place": "Địa phương, theo tên gọi vào ngày có quyết định",
    "group_code": "Mã nhóm sản phẩm: TCMN, CB, CK, KHAC",
    "group": "Tên nhóm trong đợt",
    "level": "Cấp: commune (xã), province (tỉnh), region (khu vực), nation (quốc gia)",
    "year": "Năm",
    "round": "Mã đợt bình chọn",
    "tier": "Hạng, nếu đợt có xếp hạng",
    "order_number": "Số quyết định công nhận",
    "order_date": "Ngày quyết định, dạng năm-tháng-ngày",
    "published_on": "Ngày công bố kết quả",
    "certificate_code": "Mã tra cứu giấy chứng nhận, nếu đã cấp",
    "url": "Địa chỉ trang trên hệ thống",
    "phase": "Giai đoạn: registration, checking, judging, deliberation, published, archived",
    "territory": "Địa bàn",
    "opens_on": "Ngày mở nhận hồ sơ",
    "closes_on": "Ngày cuối nhận hồ sơ",
    "recognised": "Số sản phẩm được công nhận, để trống khi chưa công bố",
}
