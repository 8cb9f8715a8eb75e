"""A small form for the tests of dossiers: every kind of question once."""

from typing import Any

RAW: dict[str, Any] = {
    "form": {"version": "t", "title_vi": "Bản thuyết minh", "title_en": "Description"},
    "sections": [
        {"key": "a", "criterion": 1, "title_vi": "Một", "title_en": "One", "intro_vi": ""},
        {"key": "b", "criterion": 2, "title_vi": "Hai", "title_en": "Two", "intro_vi": ""},
    ],
    "questions": [
        {"key": "name", "kind": "text", "section": "a", "required": True, "max_length": 10},
        {"key": "story", "kind": "long_text", "section": "a", "required": True, "thin_below": 8},
        {"key": "abroad", "kind": "choice", "section": "a", "required": True,
         "options": [{"value": "yes", "label_vi": "Có", "label_en": "Yes"},
                     {"value": "no", "label_vi": "Không", "label_en": "No"}]},
        {"key": "countries", "kind": "text", "section": "a", "required": True,
         "show_if": {"question": "abroad", "is": ["yes"]}},
        {"key": "agents", "kind": "text", "section": "a", "required": True,
         "show_if": {"question": "countries", "is": ["Lào"]}},
        {"key": "workers", "kind": "integer", "section": "b", "required": True,
         "minimum": 1, "maximum": 100, "unit": "người"},
        {"key": "capacity", "kind": "decimal", "section": "b", "required": False, "unit": "kg"},
        {"key": "price", "kind": "money_vnd", "section": "b", "required": True, "unit": "đồng"},
        {"key": "share", "kind": "percent", "section": "b", "required": False, "unit": "%"},
        {"key": "revenue", "kind": "year_figures", "section": "b", "required": True,
         "years": 2, "minimum": 0, "unit": "đồng"},
        {"key": "shelf", "kind": "text", "section": "b", "required": True,
         "show_if": {"fact": "group", "is": ["CB"]}},
    ],
}  # fmt: skip

for question in RAW["questions"]:
    question |= {
        "criterion": 1 if question["section"] == "a" else 2,
        "label_vi": question["key"],
        "label_en": question["key"],
        "source": "test",
    }

CRAFT = {"group": "TCMN", "form": "single"}
FOOD = {"group": "CB", "form": "single"}
YEAR = 2026
