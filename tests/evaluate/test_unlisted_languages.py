"""Languages without word lists: the rules see figures, days, denials, and what words mean.

Each text tells true things out of the starter collection; `SWAPPED` exchanges a word or two, by which a
sentence becomes false. What is false is never called supported; of what is true, a share is.
"""

from __future__ import annotations

from datetime import date

import pytest

from factcheck import Checker
from factcheck.models import Article, LedgerKind, Verdict
from factcheck.text.language import identify

TEXTS = {
    "zh": (
        "叙利亚人权观察组织11月10日说，政府军已完全控制阿勒颇机场附近的80号基地。"
        "至少有53人在战斗中丧生，其中33名是反对派武装人员，20名是政府军士兵。"
        "联合国难民署说，截至11月3日，黎巴嫩收容的叙利亚难民超过81.2万人。"
        "伊朗与六国在日内瓦的会谈11月10日凌晨结束，没有达成协议。"
    ),
    "ja": (
        "シリア人権監視団は11月10日、政府軍がアレッポ空港近くの第80基地を完全に制圧したと発表した。"
        "戦闘で少なくとも53人が死亡し、うち33人は反体制派、20人は政府軍側だった。"
        "国連難民高等弁務官事務所によると、レバノンは11月3日の時点で81万2000人以上のシリア難民を受け入れている。"
        "イランと6カ国のジュネーブでの協議は11月10日未明、合意に至らないまま終了した。"
    ),
    "ko": (
        "시리아인권관측소는 11월 10일 정부군이 알레포 공항 인근의 80기지를 완전히 장악했다고 밝혔다. "
        "전투에서 최소 53명이 숨졌으며 이 중 33명은 반군, 20명은 정부군 측이었다. "
        "유엔난민기구에 따르면 레바논은 11월 3일 현재 81만2천 명이 넘는 시리아 난민을 수용하고 있다. "
        "이란과 6개국의 제네바 회담은 11월 10일 새벽 합의 없이 끝났다."
    ),
    "hi": (
        "सीरियन ऑब्ज़र्वेटरी के मुताबिक़ सेना ने 10 नवंबर को अलेप्पो हवाई अड्डे के पास बेस 80 पर पूरा नियंत्रण कर लिया। "
        "लड़ाई में कम से कम 53 लोग मारे गए, जिनमें 33 विद्रोही और 20 सरकारी सैनिक थे। "
        "संयुक्त राष्ट्र शरणार्थी एजेंसी ने कहा कि लेबनान में 812,000 से ज़्यादा सीरियाई शरणार्थी हैं। "
        "ईरान और छह देशों की जिनेवा वार्ता बिना किसी समझौते के समाप्त हो गई।"
    ),
    "pl": (
        "Wojsko syryjskie 10 listopada w pełni opanowało Bazę 80 w pobliżu lotniska w Aleppo. "
        "W walkach zginęły co najmniej 53 osoby: 33 rebeliantów i 20 po stronie rządowej. "
        "UNHCR podało, że w Libanie przebywa ponad 812 000 syryjskich uchodźców. "
        "Rozmowy Iranu z sześcioma mocarstwami w Genewie zakończyły się bez porozumienia."
    ),
    "uk": (
        "Сирійська армія 10 листопада повністю взяла під контроль Базу 80 біля аеропорту Алеппо. "
        "У боях загинули щонайменше 53 людини: 33 повстанці та 20 на боці уряду. "
        "УВКБ ООН повідомило, що Ліван прийняв понад 812 000 сирійських біженців. "
        "Переговори Ірану з шістьма державами в Женеві завершилися без угоди."
    ),
    "sv": (
        "Den syriska armén tog den 10 november full kontroll över Bas 80 nära flygplatsen i Aleppo. "
        "Minst 53 personer dödades: 33 rebeller och 20 på regeringssidan. "
        "UNHCR uppgav att Libanon tog emot fler än 812 000 syriska flyktingar. "
        "Samtalen mellan Iran och sex världsmakter i Genève slutade utan överenskommelse."
    ),
}  # fmt: skip
SWAPPED = {
    "zh": (("53人", "73人"), ("81.2万", "18.2万"), ("没有达成协议", "达成了协议")),
    "ja": (("53人", "73人"), ("81万", "18万"), ("合意に至らないまま", "合意に達して")),
    "ko": (("53명", "73명"), ("81만", "18만"), ("합의 없이", "합의에 도달하며")),
    "hi": (("53", "73"), ("812,000", "182,000"), ("बिना किसी समझौते के", "एक समझौते के साथ")),
    "pl": (("53", "73"), ("812", "182"), ("bez porozumienia", "porozumieniem")),
    "uk": (("53", "73"), ("812", "182"), ("без угоди", "угодою")),
    "sv": (("53", "73"), ("812", "182"), ("utan överenskommelse", "med en överenskommelse")),
}
BORNE_OUT = 2  # of the four, at least


def _verdicts(checker: Checker, text: str) -> dict[str, Verdict | None]:
    article = Article(text=text, sha256="", published=date(2013, 11, 30), language=identify(text))
    assert article.language in TEXTS
    note = checker.check(article)
    left = [e for e in note.ledger if e.kind is not LedgerKind.CLAIM]
    assert not left, [e.reason for e in left]
    return {a.claim.said: a.verdict for a in note.assessments}


@pytest.mark.parametrize("language", sorted(TEXTS))
def test_what_is_true_is_borne_out(language: str, checker: Checker) -> None:
    found = _verdicts(checker, TEXTS[language])
    assert list(found.values()).count(Verdict.SUPPORTED) >= BORNE_OUT, found
    assert Verdict.CONTRADICTED not in found.values(), found


@pytest.mark.parametrize("language", sorted(TEXTS))
def test_what_is_false_is_not_called_supported(language: str, checker: Checker) -> None:
    text = TEXTS[language]
    for right, wrong in SWAPPED[language]:
        assert right in text
        text = text.replace(right, wrong, 1)
    wrongs = [wrong for _, wrong in SWAPPED[language]]
    found = _verdicts(checker, text)
    false = {said: v for said, v in found.items() if any(w in said for w in wrongs)}
    assert len(false) >= 3, found
    assert Verdict.SUPPORTED not in false.values(), false
