"""Articles for the benches: invented by us, about the events of the starter collection.

The reference case is `reference()`: 30 sentences, 25 of them checkable, in English or Indonesian
(the same article twice, so that a scripted model can restate the Indonesian one in English).
`longer(60)` and `longer(120)` go on in English. Some figures and days in them are wrong on purpose.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from factcheck.models import Article
from factcheck.steps import acquire

Kind = Literal["event", "quantity", "statement", "opinion", "background", "boilerplate"]
PUBLISHED = date(2013, 11, 20)
_PARAGRAPH = 5  # sentences


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence and what a careful reader makes of it. `who` says it, as named in each language."""

    kind: Kind
    en: str
    id: str = ""
    who: tuple[str, str] = ("", "")

    @property
    def checkable(self) -> bool:
        return self.kind in ("event", "quantity", "statement")


_SOHR = ("Syrian Observatory for Human Rights", "Observatorium Suriah untuk Hak Asasi Manusia")
_MONITOR = ("the Observatory", "Observatorium")
_MSF = ("Médecins Sans Frontières", "Médecins Sans Frontières")

_REFERENCE = (
    Line("background",
         "Who holds which village south of Aleppo has been hard to follow this autumn, even for "
         "the people who live there.",
         "Siapa menguasai desa mana di selatan Aleppo sulit diikuti sepanjang musim gugur ini, "
         "bahkan bagi warga setempat."),
    Line("statement",
         "Syrian state television announced on Sunday, November 10, that the army was in complete "
         "control of Base 80, which guards the international airport of Aleppo.",
         "Televisi pemerintah Suriah mengumumkan pada Minggu, 10 November, bahwa tentara sudah "
         "sepenuhnya menguasai Pangkalan 80 yang menjaga bandara internasional Aleppo.",
         ("Syrian state television", "Televisi pemerintah Suriah")),
    Line("statement",
         "The Syrian Observatory for Human Rights confirmed the recapture and said that Hezbollah "
         "units and local militias had fought beside the soldiers.",
         "Observatorium Suriah untuk Hak Asasi Manusia membenarkan perebutan itu dan mengatakan "
         "satuan Hizbullah serta milisi setempat bertempur bersama tentara.", _SOHR),
    Line("event",
         "The rebels had taken the same base in February, after a coordinated assault on both "
         "airports that began on February 12.",
         "Pemberontak merebut pangkalan yang sama pada Februari, sesudah serangan terpadu atas "
         "kedua bandara yang dimulai pada 12 Februari."),
    Line("quantity",
         "On the first day of the new battle, Friday, November 8, at least 15 rebels were reported "
         "killed around the base.",
         "Pada hari pertama pertempuran baru itu, Jumat 8 November, sedikitnya 15 pemberontak "
         "dilaporkan tewas di sekitar pangkalan."),
    Line("statement",
         "A counter-attack with Grad rockets after dark gave the rebels back the lost parts of the "
         "base by Saturday, the Observatory said.",
         "Serangan balik dengan roket Grad sesudah gelap mengembalikan bagian pangkalan yang lepas "
         "kepada pemberontak pada Sabtu, kata Observatorium.", _MONITOR),
    Line("statement",
         "A military source told AFP on November 11 that reopening the airport, shut for almost a "
         "year, had become possible.",
         "Seorang sumber militer mengatakan kepada AFP pada 11 November bahwa bandara yang tutup "
         "hampir setahun itu kini mungkin dibuka lagi.",
         ("A military source", "Seorang sumber militer")),
    Line("event",
         "Tal Aran, one of the last rebel-held places on the road from Safira to Aleppo, fell to "
         "the army on the same Monday.",
         "Tal Aran, salah satu tempat terakhir yang dipegang pemberontak di jalan Safira-Aleppo, "
         "jatuh ke tangan tentara pada Senin yang sama."),
    Line("event",
         "The town of Safira itself had been captured by the army on November 1 after more than "
         "three weeks of fighting.",
         "Kota Safira sendiri direbut tentara pada 1 November sesudah pertempuran selama lebih "
         "dari tiga pekan."),
    Line("opinion",
         "It was a shameful neglect of people who had nowhere else to go.",
         "Sungguh memalukan betapa orang yang tak punya tujuan lain itu diabaikan."),
    Line("quantity",
         "Médecins Sans Frontières counted at least 130,000 people who had fled north from the "
         "Safira district since October 8.",
         "Médecins Sans Frontières menghitung sedikitnya 130.000 orang lari ke utara dari distrik "
         "Safira sejak 8 Oktober.", _MSF),
    Line("quantity",
         "Within five days 650 wounded people were admitted to clinics that the organisation "
         "supports in the wider district.",
         "Dalam lima hari 650 korban luka dirawat di klinik yang didukung organisasi itu di "
         "distrik tersebut."),
    Line("event",
         "Six armed groups, among them the Nusra Front and Liwa al-Tawhid, declared a general "
         "mobilisation in Aleppo on November 11.",
         "Enam kelompok bersenjata, di antaranya Front Nusra dan Liwa al-Tauhid, mengumumkan "
         "mobilisasi umum di Aleppo pada 11 November."),
    Line("event",
         "Factions that failed to report within 24 hours were threatened with disarmament and a "
         "sharia court.",
         "Faksi yang tidak melapor dalam 24 jam diancam dilucuti dan dibawa ke pengadilan "
         "syariah."),
    Line("statement",
         "A day later the Islamic State of Iraq and the Levant issued a call of its own and "
         "admitted heavy losses, the Observatory said.",
         "Sehari kemudian Negara Islam Irak dan Syam mengeluarkan seruan sendiri dan mengakui "
         "banyak kerugian, kata Observatorium.", _MONITOR),
    Line("boilerplate",
         "Read also what the monitors can count and what they cannot.",
         "Baca juga apa yang dapat dan tidak dapat dihitung para pemantau."),
    Line("statement",
         "South of Damascus the army captured Hejeira on Wednesday, November 13, the fifth "
         "opposition stronghold to fall there within a few weeks, state media reported.",
         "Di selatan Damaskus tentara merebut Hujaira pada Rabu, 13 November, benteng oposisi "
         "kelima yang jatuh di sana dalam beberapa pekan, lapor media pemerintah.",
         ("state media", "media pemerintah")),
    Line("statement",
         "The Observatory noted that small pockets of resistance remained in the town.",
         "Observatorium mencatat masih ada kantong-kantong kecil perlawanan di kota itu.",
         _MONITOR),
    Line("statement",
         "Hezbollah leader Hassan Nasrallah told a crowd in south Beirut on November 14 that his "
         "fighters would stay in Syria as long as the reasons lasted.",
         "Pemimpin Hizbullah Hassan Nasrallah mengatakan kepada massa di Beirut selatan pada 14 "
         "November bahwa pejuangnya tetap di Suriah selama alasannya masih ada.",
         ("Hassan Nasrallah", "Hassan Nasrallah")),
    Line("quantity",
         "Five days later two suicide attackers struck the Iranian embassy in Beirut and killed 23 "
         "people, among them the cultural attaché Ibrahim Ansari.",
         "Lima hari kemudian dua penyerang bunuh diri menghantam kedutaan Iran di Beirut dan "
         "menewaskan 23 orang, termasuk atase kebudayaan Ibrahim Ansari."),
    Line("statement",
         "The Abdullah Azzam Brigades claimed that attack and demanded that Hezbollah leave Syria.",
         "Brigade Abdullah Azzam mengaku melakukan serangan itu dan menuntut Hizbullah "
         "meninggalkan Suriah.",
         ("The Abdullah Azzam Brigades", "Brigade Abdullah Azzam")),
    Line("quantity",
         "The Observatory had documented 120,296 deaths by the end of October, 42,495 of them "
         "civilians.",
         "Observatorium mendokumentasikan 120.296 kematian hingga akhir Oktober, 42.495 di "
         "antaranya warga sipil.", _MONITOR),
    Line("statement",
         "Ban Ki-moon had spoken of more than 100,000 dead on July 25, standing beside John Kerry "
         "in New York.",
         "Ban Ki-moon sudah berbicara tentang lebih dari 100.000 korban tewas pada 25 Juli, di "
         "samping John Kerry di New York.", ("Ban Ki-moon", "Ban Ki-moon")),
    Line("opinion",
         "No statistic can be an answer to so much misery.",
         "Tak ada statistik yang dapat menjawab kesengsaraan sebesar ini."),
    Line("quantity",
         "A spokeswoman for Valerie Amos said on November 4 that 9.3 million Syrians needed aid "
         "and that 6.5 million of them were displaced inside the country.",
         "Juru bicara Valerie Amos mengatakan pada 4 November bahwa 9,3 juta warga Suriah "
         "membutuhkan bantuan dan 6,5 juta di antaranya mengungsi di dalam negeri.",
         ("A spokeswoman for Valerie Amos", "Juru bicara Valerie Amos")),
    Line("quantity",
         "Lebanon alone hosted more than 812,000 Syrian refugees at the start of the month, 12,000 "
         "more than a week before, according to the UN refugee agency.",
         "Libanon saja menampung lebih dari 812.000 pengungsi Suriah pada awal bulan, 12.000 lebih "
         "banyak dari sepekan sebelumnya, menurut badan pengungsi PBB.",
         ("the UN refugee agency", "badan pengungsi PBB")),
    Line("quantity",
         "The World Health Organization isolated wild polio virus in 10 of 22 paralysed children "
         "in Deir al-Zor province.",
         "Organisasi Kesehatan Dunia mengisolasi virus polio liar pada 10 dari 22 anak yang "
         "lumpuh di provinsi Deir al-Zor.",
         ("The World Health Organization", "Organisasi Kesehatan Dunia")),
    Line("quantity",
         "Inspectors have verified 22 of the 23 chemical sites that Syria declared, the latest of "
         "them by sealed cameras in the Aleppo region.",
         "Para inspektur telah memeriksa 22 dari 23 lokasi kimia yang dinyatakan Suriah, yang "
         "terakhir dengan kamera tersegel di wilayah Aleppo."),
    Line("statement",
         "The Syrian National Coalition agreed in Istanbul on November 11 to attend peace talks if "
         "aid reached besieged areas and detainees were released.",
         "Koalisi Nasional Suriah setuju di Istanbul pada 11 November untuk menghadiri perundingan "
         "damai jika bantuan mencapai wilayah terkepung dan tahanan dibebaskan.",
         ("The Syrian National Coalition", "Koalisi Nasional Suriah")),
    Line("background",
         "What that will change for the families on the road nobody can tell them yet.",
         "Apa artinya bagi keluarga yang masih di jalan belum seorang pun tahu."),
)  # fmt: skip

_MORE = (
    Line("background", "The war was not the only news that editors had to weigh this month."),
    Line("event", "Typhoon Haiyan struck the central Philippines on Friday, November 8."),
    Line("quantity", "The United Nations put the dead of the storm at 4,460 on November 14, nearly "
         "double the count of the government in Manila.", who=("The United Nations", "")),
    Line("quantity", "The official toll of that day stood at 2,357."),
    Line("statement", "President Benigno Aquino told CNN on November 12 that the feared 10,000 "
         "deaths was too high a figure.", who=("President Benigno Aquino", "")),
    Line("statement", "Valerie Amos admitted that aid had come too slowly and that they had let "
         "people down.", who=("Valerie Amos", "")),
    Line("quantity", "The carrier USS George Washington sailed for the islands with about 5,000 "
         "sailors and more than 80 aircraft."),
    Line("event", "Weather officials ranked the typhoon as the fifth deadliest storm in the "
         "history of the country.", who=("Weather officials", "")),
    Line("opinion", "The rich world looked on with folded arms."),
    Line("event", "In Geneva the nuclear talks between Iran and six world powers ended in the "
         "small hours of Sunday, November 10, without an agreement."),
    Line("statement", "Catherine Ashton spoke of concrete progress and of differences that "
         "remained.", who=("Catherine Ashton", "")),
    Line("event", "The talks were to resume on November 20."),
    Line("event", "Al Jazeera aired on November 8 a message in which Ayman al-Zawahiri ordered the "
         "Islamic State of Iraq and the Levant to be abolished.", who=("Ayman al-Zawahiri", "")),
    Line("statement", "He named the Nusra Front as the independent branch of al-Qaeda in Syria.",
         who=("Ayman al-Zawahiri", "")),
    Line("event", "The recording was of a letter dated May 23, whose order Baghdadi had rejected "
         "in a recording of his own."),
    Line("opinion", "It reads like a quarrel among gangsters."),
    Line("event", "Kurdish groups led by the PYD announced a transitional administration for the "
         "north-east of Syria in Qamishli on November 12."),
    Line("event", "Several major Kurdish parties did not sign the declaration."),
    Line("statement", "A general of the Revolutionary Guards was buried in Kerman on November 5 "
         "after he had been killed in Syria, the Mehr agency reported.", who=("Mehr", "")),
    Line("statement", "The Iranian lawmaker Javad Karimi said that hundreds of Iranian troops were "
         "in Syria.", who=("Javad Karimi", "")),
    Line("statement", "A spokesman of the Guards rejected that and said that Iran had only "
         "advisers there.", who=("A spokesman of the Guards", "")),
    Line("boilerplate", "Photographs of the funeral are shown in the gallery below."),
    Line("event", "Abdul Qadir al-Saleh, who founded the Tawhid Brigade, died of wounds from an "
         "air strike on November 14."),
    Line("quantity", "His group is believed to have about 8,000 fighters."),
    Line("statement", "The army seized Sbeineh south of Damascus on November 7, state television "
         "said.", who=("state television", "")),
    Line("quantity", "The Observatory said that 25 rebels and 18 militiamen were killed in one day "
         "before the army took Khanasser on October 3.", who=_MONITOR),
    Line("event", "The rebels had cut the only supply road of the army to Aleppo there on August "
         "26."),
    Line("quantity", "The OPCW announced on October 31 that inspectors had been to 21 of 23 "
         "declared sites.", who=("The OPCW", "")),
    Line("quantity", "By April the refugee agency had registered 1,401,435 Syrians and received 55 "
         "per cent of the money it had asked for.", who=("the refugee agency", "")),
    Line("background", "How much of this will still be true next week is another matter."),
)  # fmt: skip

_HOSTS = (  # (when, country, registered Syrians)
    *(("At the end of August", c, n) for c, n in (
        ("Lebanon", "716,000"), ("Jordan", "515,000"), ("Turkey", "460,000"), ("Iraq", "168,000"),
        ("Egypt", "110,000"))),
    *(("On September 20", c, n) for c, n in (
        ("Turkey", "492,687"), ("Lebanon", "748,608"), ("Jordan", "531,768"), ("Iraq", "190,857"),
        ("Egypt", "124,373"))),
)  # fmt: skip
_DEAD = (  # (by when, whom, how many)
    *(("By June 26", w, n) for w, n in (
        ("civilians", "36,661"), ("soldiers", "25,407"), ("pro-government fighters", "17,311"),
        ("members of Hezbollah", "169"), ("rebels", "13,539"), ("defectors", "2,015"),
        ("foreign fighters against the government", "2,518"))),
    *(("By the start of October", w, n) for w, n in (
        ("civilians", "41,000"), ("children", "6,000"), ("women", "4,000"),
        ("men on the government side", "47,000"), ("men of the armed opposition", "23,000"))),
    ("By the end of August", "children", "5,833"),
)  # fmt: skip
_TAKEN = (  # (place, by whom, when, what is told of it)
    ("Base 46 west of Aleppo", "rebels", "November 18, 2012", "at least 15 tanks were seized"),
    ("Base 80", "rebels", "February 13", "dozens of fighters and troops were killed"),
    ("the Minnigh air base", "rebels", "August 6", "the siege had lasted some eight months"),
    ("Khanasir", "rebels", "August 26", "more than 50 pro-government fighters were killed"),
    ("Khanasser", "the army", "October 3", "the rebels had held it since August"),
    ("Husseiniya", "the army", "October 11", "four days of fighting had gone before"),
    ("Safira", "the army", "November 1", "the rebels withdrew overnight under heavy fire"),
    ("Sbeineh", "the army", "November 7", "Hezbollah is said to have taken part"),
    ("Tel Arn", "the army", "November 11", "it was shown on Iranian television"),
    ("Hejeira", "the army", "November 13", "fighters pulled back into Hajar al-Aswad"),
)  # fmt: skip
_BETWEEN = (
    "The lists go on, and so does the dying.",
    "Anyone who reads them aloud falls silent sooner or later.",
    "It is cruel arithmetic.",
    "There are no good sums in a bad war.",
    "More than one clerk has wept over these tables.",
    "Maps age faster than the ink on them.",
    "A village is never just a dot.",
    "One man's gain is another's ruined orchard.",
    "Such triumphs are hollow.",
    "So it goes from hill to hill.",
)


def _tabled() -> list[Line]:
    """60 sentences, 50 of them checkable, told from small tables."""
    claims = [
        Line("quantity", f"{when} {country} hosted {n} Syrian refugees by the UN agency's count.",
             who=("the UN agency", ""))
        for when, country, n in _HOSTS
    ]  # fmt: skip
    claims += [
        Line("quantity", f"{when} the Observatory had counted {n} {whom} among the dead of Syria.",
             who=_MONITOR)
        for when, whom, n in _DEAD
    ]  # fmt: skip
    for place, who, when, told in _TAKEN:
        name = place[0].upper() + place[1:]
        claims.append(Line("event", f"{name} was captured by {who} on {when}."))
        claims.append(Line("event", f"When {place} fell, {told}."))
    claims += [
        Line("statement", f"{source} reported the fall of {place} within a day.", who=(source, ""))
        for source, (place, *_) in zip(
            ("Reuters", "AFP", "AP", "Xinhua", "SANA", "Press TV", "Al-Alam"),
            _TAKEN[3:], strict=True,
        )
    ]  # fmt: skip
    out: list[Line] = []
    for number, line in enumerate(claims):
        out.append(line)
        if number % 5 == 4:
            out.append(Line("opinion", _BETWEEN[number // 5]))
    return out


def lines(sentences: int = 30) -> tuple[Line, ...]:
    """The sentences of the article of that length."""
    every = (*_REFERENCE, *_MORE, *_tabled())
    assert sentences in (30, 60, 120) and len(every) == 120
    return every[:sentences]


def reference(language: str = "en") -> Article:
    """The reference case: 30 sentences, 25 checkable claims."""
    title = {
        "en": "South of Aleppo the map is being redrawn",
        "id": "Peta di selatan Aleppo digambar ulang",
    }[language]
    return _article([x.id if language == "id" else x.en for x in lines()], title, language)


def longer(sentences: int) -> Article:
    """The English article continued to 60 or 120 sentences."""
    return _article([x.en for x in lines(sentences)], "A month in reports", "en")


def _article(texts: list[str], title: str, language: str) -> Article:
    paragraphs = [texts[i : i + _PARAGRAPH] for i in range(0, len(texts), _PARAGRAPH)]
    return acquire.article(
        "\n\n".join(" ".join(p) for p in paragraphs),
        title=title,
        outlet="The Example Courier",
        published=PUBLISHED,
        language=language,
    )
