"""What the page of the demo's campaign is built of, from top to bottom."""

from dataclasses import dataclass, field
from typing import Any

from app.campaigns.blocks import Kind


@dataclass(frozen=True, slots=True)
class MadeUpBlock:
    """A block; `stories` are the keys of those chosen by hand, `says` the key of a story and one of its sentences."""

    kind: Kind
    content: dict[str, Any] = field(default_factory=dict)
    stories: tuple[str, ...] = ()
    says: tuple[str, str] | None = None


HERO = "ro-scaunul"

BLOCKS = (
    MadeUpBlock(
        Kind.STORIES,
        {
            "heading": {
                "en": "In their own hand",
                "zh": "他们亲手画的、写的",
                "ro": "Cu mâna lor",
                "it": "Di loro mano",
            }
        },
        stories=("en-two-clocks", "ro-scaunul", "zh-rice", "en-five-minutes", "ro-sora", "zh-dumplings"),
    ),
    MadeUpBlock(Kind.QUOTE, says=("en-two-clocks", "I said: try being silent with somebody far away.")),
    MadeUpBlock(
        Kind.TEXT,
        {
            "heading": {
                "en": "Nobody asked them",
                "zh": "没有人问过他们",
                "ro": "Nimeni nu i-a întrebat",
                "it": "Nessuno l'ha chiesto a loro",
            },
            "text": {
                "en": (
                    "When a mother or a father leaves for work, much is decided: who signs at school, who goes along "
                    "to the doctor, where the child sleeps. The child is rarely asked.\n\nHere they say it without "
                    "being asked. Read slowly. Every one of them may take their story back on any day, and then it "
                    "is gone."
                ),
                "zh": (
                    "爸爸或妈妈出门打工的时候，很多事情就定下来了：谁在学校签字，谁陪着看病，孩子睡在哪里。可是很少有人"
                    "问过孩子。\n\n在这里，没有人问，他们也说了。请慢慢读。每个孩子随时都可以收回自己的故事，收回了就看不到了。"
                ),
                "ro": (
                    "Când mama sau tata pleacă la lucru, se hotărăsc multe: cine semnează la școală, cine merge la "
                    "doctor, unde doarme copilul. Pe copil îl întreabă rar cineva.\n\nAici ei spun fără să fie "
                    "întrebați. Citiți încet. Fiecare își poate lua povestea înapoi în orice zi, și atunci nu mai e."
                ),
                "it": (
                    "Quando una madre o un padre parte per lavoro si decidono molte cose: chi firma a scuola, chi va "
                    "dal medico, dove si dorme. Di rado qualcuno lo chiede ai figli.\n\nQui lo dicono senza che "
                    "nessuno l'abbia chiesto. Leggete piano. Ciascuno può riprendersi la sua storia in qualsiasi "
                    "giorno, e allora non c'è più."
                ),
            },
        },
    ),
    MadeUpBlock(
        Kind.NUMBERS,
        {
            "heading": {"en": "They are many", "zh": "他们很多", "ro": "Sunt mulți", "it": "Sono tanti"},
            "figures": [
                {
                    "value": {"en": "61 million", "zh": "6100万", "ro": "61 de milioane", "it": "61 milioni"},
                    "words": {
                        "en": "children in rural China grew up without one or both parents at home",
                        "zh": "农村孩子的爸爸、妈妈或双方不在身边",
                        "ro": "de copii din satele Chinei creșteau fără unul sau ambii părinți acasă",
                        "it": "bambini nelle campagne cinesi crescevano senza uno o entrambi i genitori in casa",
                    },
                    "source": "All-China Women's Federation, 2013",
                    "link": "",
                },
                {
                    "value": {"en": "350,000", "zh": "35万", "ro": "350.000", "it": "350.000"},
                    "words": {
                        "en": "children in Romania had a parent who worked abroad",
                        "zh": "罗马尼亚孩子的爸爸或妈妈在国外工作",
                        "ro": "de copii din România aveau un părinte la lucru în străinătate",
                        "it": "bambini in Romania avevano un genitore che lavorava all'estero",
                    },
                    "source": "UNICEF, Asociația Alternative Sociale, 2008",
                    "link": "",
                },
            ],
        },
    ),
    MadeUpBlock(Kind.MAP),
    MadeUpBlock(
        Kind.STORIES,
        {
            "heading": {
                "en": "The newest voices",
                "zh": "最新的声音",
                "ro": "Cele mai noi voci",
                "it": "Le voci più nuove",
            },
            "rule": {},
            "limit": 12,
        },
    ),
    MadeUpBlock(
        Kind.ACTION,
        {"label": {"en": "Sign with us", "zh": "和我们一起签名", "ro": "Semnați cu noi", "it": "Firmate con noi"}},
    ),
    MadeUpBlock(Kind.PARTNERS),
)
