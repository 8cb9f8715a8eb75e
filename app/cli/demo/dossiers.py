"""What the invented facilities say of their products: an answer for every question that is asked."""

from __future__ import annotations

import random
from typing import Any

from app.cli.demo.names import Good
from app.domain.conditions import conditions_asked
from app.domain.dossier_form import DossierForm, Question, QuestionKind, asked_questions, asked_years

# Filler for long answers; every answer takes three of them, so that no two pages read alike.
SENTENCES = (
    "Nguyên liệu {material} lấy trong vùng, có sổ ghi ngày nhập và người giao.",
    "Từng mẻ được kiểm tra trước khi đóng gói và giữ mẫu lưu ba tháng.",
    "Khách mua chủ yếu là cửa hàng trong tỉnh, chợ phiên và các sàn trực tuyến.",
    "Cơ sở dạy nghề cho lao động trẻ tại chỗ, mỗi năm nhận thêm vài người.",
    "Máy móc được thay dần, khâu hoàn thiện vẫn làm bằng tay để giữ nét riêng.",
    "Bao bì in rõ nơi làm, ngày làm, cách dùng và mã truy xuất.",
    "Sản lượng tăng đều ba năm nay, chưa năm nào tồn kho quá một tháng.",
    "Nước thải qua bể lắng, phế liệu bán cho cơ sở tái chế trong huyện.",
    "Mẫu mã được sửa theo góp ý của khách sau mỗi kỳ hội chợ.",
    "Nhiều hộ trong thôn cùng làm một công đoạn, thu nhập ổn định hơn trước.",
    "Giá bán giữ nguyên từ năm trước dù nguyên liệu tăng nhẹ.",
    "Sản phẩm đã theo các đoàn xúc tiến thương mại của tỉnh.",
)
OPENINGS = {
    "summary": "{name} là sản phẩm chính của cơ sở, làm từ {material}.",
    "use": "Dùng hằng ngày trong gia đình và làm quà biếu.",
    "materials": "Nguyên liệu chính: {material}; phụ liệu mua trong tỉnh.",
    "set_items": "Ba món cùng kiểu dáng, cùng chất liệu {material}, đóng chung một hộp.",
    "process": "Chọn {material}, sơ chế, tạo hình, hoàn thiện, kiểm tra, đóng gói.",
    "waste": "Nước thải qua bể lắng; phế liệu được dùng lại hoặc bán cho cơ sở tái chế.",
    "story": "Nghề có ở địa phương qua nhiều đời; cơ sở giữ cách làm cũ và đổi mẫu mã cho hợp người dùng hôm nay.",
}


def answers(form: DossierForm, good: Good, group: str, year: int, chance: random.Random) -> dict[str, Any]:
    """A whole set of answers for one product, as typed text."""
    facts = {"group": group, "form": good.form.value}
    typed: dict[str, Any] = {}
    for _round in range(3):  # an answer may open further questions
        for question in asked_questions(form, typed, facts):
            if question.key not in typed:
                typed[question.key] = _answer(question, good, year, chance)
    return typed


def conditions(good: Good) -> dict[str, bool]:
    """The conditions of Điều 4, all declared."""
    return dict.fromkeys(conditions_asked(good.form), True)


def _answer(question: Question, good: Good, year: int, chance: random.Random) -> Any:
    words = {"name": good.name, "material": good.material}
    if question.kind is QuestionKind.CHOICE:
        return chance.choice(question.options).value
    if question.kind is QuestionKind.LONG_TEXT:
        told = [OPENINGS.get(question.key, ""), *chance.sample(SENTENCES, 3)]
        text = " ".join(sentence.format(**words) for sentence in told).strip()
        return text[: question.max_length or None]
    if question.kind is QuestionKind.TEXT:
        return {"export_countries": "Nhật Bản, Pháp", "capacity_unit": "sản phẩm"}.get(question.key, "Có (minh họa)")
    if question.kind is QuestionKind.YEAR_FIGURES:
        base = chance.randrange(400, 900) * (1_000_000 if question.unit == "đồng" else 10)
        return {str(y): str(base - 7 * base * back // 100) for back, y in enumerate(asked_years(question, year))}
    if question.kind is QuestionKind.MONEY_VND:
        return str(chance.randrange(60, 90) * 100_000)
    if question.kind is QuestionKind.PERCENT:
        return str(chance.randrange(20, 96))
    return str(chance.randrange(8, 60))
