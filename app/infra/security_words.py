"""Flask-Security's messages in Vietnamese: it ships no catalogue for the language.

Their English comes from our own catalogue, which takes the place of the library's. Keys are the
library's own; a test holds every key against the installed version.
"""

from __future__ import annotations

from pathlib import Path

CATALOGUES = Path(__file__).resolve().parents[1] / "translations"

MESSAGES: dict[str, tuple[str, str]] = {
    "API_ERROR": ("Yêu cầu không đúng dạng.", "error"),
    "GENERIC_AUTHN_FAILED": ("Thư điện tử hoặc mật khẩu chưa đúng.", "error"),
    "GENERIC_RECOVERY": (
        "Nếu địa chỉ này có tài khoản, bạn sẽ nhận được thư hướng dẫn đặt lại mật khẩu.",
        "info",
    ),
    "UNAUTHORIZED": ("Bạn không có quyền xem trang này.", "error"),
    "UNAUTHENTICATED": ("Bạn cần đăng nhập để xem trang này.", "error"),
    "REAUTHENTICATION_REQUIRED": ("Bạn cần nhập lại mật khẩu để làm việc này.", "error"),
    "REAUTHENTICATION_SUCCESSFUL": ("Đã xác nhận lại.", "info"),
    "EMAIL_ALREADY_ASSOCIATED": ("Địa chỉ %(email)s đã có tài khoản.", "error"),
    "IDENTITY_ALREADY_ASSOCIATED": ("Thông tin này đã có tài khoản.", "error"),
    "PASSWORD_MISMATCH": ("Mật khẩu không khớp.", "error"),
    "RETYPE_PASSWORD_MISMATCH": ("Hai lần nhập mật khẩu không giống nhau.", "error"),
    "INVALID_REDIRECT": ("Không chuyển được tới trang ngoài hệ thống.", "error"),
    "PASSWORD_RESET_REQUEST": ("Nếu %(email)s có tài khoản, thư hướng dẫn đặt lại mật khẩu đã được gửi tới đó.", "info"),
    "PASSWORD_RESET_EXPIRED": ("Liên kết đặt lại mật khẩu đã hết hạn (%(within)s). Hãy yêu cầu lại.", "error"),
    "INVALID_RESET_PASSWORD_TOKEN": ("Liên kết đặt lại mật khẩu không còn dùng được.", "error"),
    "DISABLED_ACCOUNT": ("Tài khoản này đang bị khóa.", "error"),
    "EMAIL_NOT_PROVIDED": ("Hãy nhập địa chỉ thư điện tử.", "error"),
    "INVALID_EMAIL_ADDRESS": ("Địa chỉ thư điện tử chưa đúng.", "error"),
    "INVALID_CODE": ("Mã chưa đúng.", "error"),
    "INVALID_INPUT": ("Nội dung chưa đúng.", "error"),
    "PASSWORD_NOT_PROVIDED": ("Hãy nhập mật khẩu.", "error"),
    "PASSWORD_INVALID_LENGTH": ("Mật khẩu cần ít nhất %(length)s ký tự.", "error"),
    "PASSWORD_TOO_SIMPLE": ("Mật khẩu này dễ đoán quá. Hãy chọn mật khẩu khác.", "error"),
    "PASSWORD_BREACHED": ("Mật khẩu này từng bị lộ ở nơi khác. Hãy chọn mật khẩu khác.", "error"),
    "USER_DOES_NOT_EXIST": ("Thư điện tử hoặc mật khẩu chưa đúng.", "error"),
    "INVALID_PASSWORD": ("Mật khẩu chưa đúng.", "error"),
    "FORGOT_PASSWORD": ("Quên mật khẩu?", "info"),
    "PASSWORD_RESET": ("Đã đặt lại mật khẩu và đăng nhập.", "success"),
    "PASSWORD_RESET_NO_LOGIN": ("Đã đặt lại mật khẩu. Hãy đăng nhập bằng mật khẩu mới.", "success"),
    "PASSWORD_IS_THE_SAME": ("Mật khẩu mới phải khác mật khẩu cũ.", "error"),
    "PASSWORD_CHANGE": ("Đã đổi mật khẩu.", "success"),
    "LOGIN": ("Bạn cần đăng nhập để xem trang này.", "info"),
    "REFRESH": ("Bạn cần nhập lại mật khẩu để xem trang này.", "info"),
    "CONFIRM_REGISTRATION": ("Đã gửi thư xác nhận tới %(email)s. Hãy mở liên kết trong thư.", "success"),
    "CONFIRMATION_REQUEST": ("Nếu địa chỉ này chờ xác nhận, thư xác nhận đã được gửi tới %(email)s.", "info"),
    "CONFIRMATION_EXPIRED": ("Liên kết xác nhận đã hết hạn (%(within)s). Hãy yêu cầu gửi lại.", "error"),
    "CONFIRMATION_REQUIRED": ("Địa chỉ thư cần được xác nhận.", "error"),
    "EMAIL_CONFIRMED": ("Đã xác nhận địa chỉ thư.", "success"),
    "ALREADY_CONFIRMED": ("Địa chỉ thư này đã được xác nhận.", "info"),
    "INVALID_CONFIRMATION_TOKEN": ("Liên kết xác nhận không còn dùng được.", "error"),
    "CHANGE_EMAIL_SENT": ("Nếu địa chỉ dùng được, thư xác nhận đã được gửi tới %(email)s.", "success"),
    "CHANGE_EMAIL_CONFIRMED": ("Đã đổi địa chỉ thư.", "success"),
    "CHANGE_EMAIL_EXPIRED": ("Liên kết đổi địa chỉ đã hết hạn (%(within)s). Hãy làm lại.", "error"),
    "TWO_FACTOR_INVALID_TOKEN": ("Mã chưa đúng hoặc đã dùng rồi.", "error"),
    "TWO_FACTOR_LOGIN_SUCCESSFUL": ("Đã xác nhận mã.", "success"),
    "TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL": ("Đã bật ứng dụng xác thực.", "success"),
    "TWO_FACTOR_PERMISSION_DENIED": ("Hãy đăng nhập lại từ đầu.", "error"),
    "TWO_FACTOR_METHOD_NOT_AVAILABLE": ("Cách xác thực này không dùng được.", "error"),
    "TWO_FACTOR_DISABLED": ("Đã tắt ứng dụng xác thực.", "success"),
    "TWO_FACTOR_SETUP_EXPIRED": ("Việc lập ứng dụng quá lâu (%(within)s). Hãy làm lại.", "error"),
    "INVALID_RECOVERY_CODE": ("Mã dự phòng chưa đúng hoặc đã dùng rồi.", "error"),
    "NO_RECOVERY_CODES_SETUP": ("Chưa có mã dự phòng nào.", "info"),
    "WEBAUTHN_EXPIRED": ("Quá thời gian dùng khóa truy cập (%(within)s). Hãy làm lại.", "error"),
    "WEBAUTHN_NAME_REQUIRED": ("Hãy đặt tên cho khóa.", "error"),
    "WEBAUTHN_NAME_INUSE": ("Đã có khóa tên %(name)s.", "error"),
    "WEBAUTHN_NAME_NOT_FOUND": ("Không có khóa tên %(name)s.", "error"),
    "WEBAUTHN_NAME_DISALLOWED_CHARACTERS": ("Tên khóa chỉ gồm chữ, số và dấu câu thường dùng.", "error"),
    "WEBAUTHN_CREDENTIAL_DELETED": ("Đã bỏ khóa %(name)s.", "info"),
    "WEBAUTHN_REGISTER_SUCCESSFUL": ("Đã thêm khóa %(name)s.", "success"),
    "WEBAUTHN_CREDENTIAL_ID_INUSE": ("Khóa này đã được thêm.", "error"),
    "WEBAUTHN_UNKNOWN_CREDENTIAL_ID": ("Khóa này chưa được thêm vào tài khoản nào.", "error"),
    "WEBAUTHN_ORPHAN_CREDENTIAL_ID": ("Khóa này chưa được thêm vào tài khoản nào.", "error"),
    "WEBAUTHN_NO_VERIFY": ("Không kiểm tra được khóa truy cập.", "error"),
    "WEBAUTHN_CREDENTIAL_WRONG_USAGE": ("Khóa này không dùng được cho việc này.", "error"),
    "WEBAUTHN_MISMATCH_USER_HANDLE": ("Khóa này không phải của tài khoản.", "error"),
    "INVALID_PASSWORD_CODE": ("Mật khẩu hoặc mã chưa đúng.", "error"),
    "ANONYMOUS_USER_REQUIRED": ("Bạn đang đăng nhập rồi.", "error"),
}

# The library writes its mails' subjects from the configuration.
SUBJECTS: dict[str, str] = {
    "EMAIL_SUBJECT_REGISTER": "Tiêu Biểu: xác nhận địa chỉ thư",
    "EMAIL_SUBJECT_CONFIRM": "Tiêu Biểu: xác nhận địa chỉ thư",
    "CHANGE_EMAIL_SUBJECT": "Tiêu Biểu: xác nhận địa chỉ thư mới",
    "EMAIL_SUBJECT_PASSWORD_RESET": "Tiêu Biểu: đặt lại mật khẩu",
    "EMAIL_SUBJECT_PASSWORD_NOTICE": "Tiêu Biểu: mật khẩu đã được đặt lại",
    "EMAIL_SUBJECT_PASSWORD_CHANGE_NOTICE": "Tiêu Biểu: mật khẩu đã được đổi",
}


def as_config() -> dict[str, object]:
    """The messages and subjects as configuration of Flask-Security."""
    messages = {f"SECURITY_MSG_{key}": value for key, value in MESSAGES.items()}
    subjects = {f"SECURITY_{key}": value for key, value in SUBJECTS.items()}
    return {**messages, **subjects}
