"""The minutes of a session with a tie, a recusal and a decision against the jury read the same in every form."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Literal

import pytest
from sqlalchemy.orm import Session

from app.domain.rules import RuleSet
from app.domain.vocabulary import Outcome, VoteChoice
from app.models.result import ResultRun
from app.queries.papers import paper_round
from app.services import council, decisions, papers
from certificates.paperwork.registry import render
from tests.app import make
from tests.app.services.world import World, in_session, judged
from tests.certificates.paperwork.rendered import flat, word_text

AGAINST_JURY = "Nhãn sản phẩm sai quy cách, đã kiểm tra tại chỗ"
RECUSED = "Là người thân của chủ cơ sở"


def held(session: Session) -> World:
    """One place for two: the first is turned down, the second wins the tie, a member steps back from the third."""
    world = judged(session, rules=RuleSet(quota_total=2))
    first, second, third, _below = world.entries
    meeting = in_session(session, world)
    council.recuse(session, world.members[2], session_id=meeting.id, entry_id=third.id, reason=RECUSED, now=make.NOW)
    for entry, choice, members in (
        (first, VoteChoice.AGAINST, world.members),
        (second, VoteChoice.FOR, world.members),
        (third, VoteChoice.AGAINST, world.members[:2]),
    ):
        for member in members:
            council.vote(session, member, session_id=meeting.id, entry_id=entry.id, choice=choice, now=make.NOW)
    council.close_session(session, world.hoa, session_id=meeting.id, now=make.NOW)
    decisions.decide(
        session,
        world.hoa,
        session_id=meeting.id,
        entry_id=first.id,
        outcome=Outcome.NOT_RECOGNISED,
        reason=AGAINST_JURY,
        now=make.NOW,
    )
    decisions.adopt_proposal(session, world.hoa, session_id=meeting.id, now=make.NOW)
    return world


def minutes(session: Session, world: World, kind: Literal["pdf", "docx"]) -> bytes:
    """The paper from the rows."""
    content = papers.compose(world.giang, paper_round(session, world.round.id), "council_minutes")
    return bytes(render("council_minutes", content, kind))


def must_say(session: Session, world: World) -> list[str]:
    """What the minutes owe their reader: head, votes, tie, recusal, departure with reason, digest."""
    first, second, third, _below = world.entries
    run = session.query(ResultRun).one()
    return [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "BIÊN BẢN",
        f"{second.code} Sản phẩm mẫu 2",
        f"công nhận {second.code}; không công nhận {third.code}",
        RECUSED,
        AGAINST_JURY,
        run.result_digest,
        str(first.code),
    ]


def missing(words: list[str], text: str) -> list[str]:
    """What is not said; white space aside, for a page breaks lines where it likes."""
    said = "".join(text.split())
    return [word for word in words if "".join(word.split()) not in said]


def test_the_pdf_says_what_happened(session: Session) -> None:
    world = held(session)
    assert missing(must_say(session, world), flat(minutes(session, world, "pdf"))) == []


def test_the_docx_says_the_same(session: Session) -> None:
    world = held(session)
    assert missing(must_say(session, world), word_text(minutes(session, world, "docx"))) == []


@pytest.mark.serial
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_the_docx_opened_in_libreoffice_prints_the_same(session: Session, tmp_path: Path) -> None:
    world = held(session)
    file = tmp_path / "bien-ban.docx"
    file.write_bytes(minutes(session, world, "docx"))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(file)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    assert missing(must_say(session, world), flat((tmp_path / "bien-ban.pdf").read_bytes())) == []
