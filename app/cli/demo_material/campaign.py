"""The demo's one campaign: who it asks, for what, and together with whom."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class MadeUpCampaign:
    """A campaign with one text for each language; it `opened` so long ago and `closes` so far ahead."""

    slug: str
    title: dict[str, str]
    text: dict[str, str]
    appeal: dict[str, str]
    opened: timedelta
    closes: timedelta
    action_link: str
    action_open: timedelta
    partners: tuple[dict[str, str], ...]


I_AM_HERE = MadeUpCampaign(
    slug="i-am-here",
    title={"en": "I am here", "zh": "我在这里", "ro": "Sunt aici", "it": "Io sono qui"},
    text={
        "en": (
            "Millions of children grow up in one place while their parents work in another. They cook "
            "by telephone, count sleeps, wave at trains and keep a chair free. They are not a problem "
            "to be counted. They are here, and they know what would help.\n\nHere some of them say "
            "it in their own words and drawings."
        ),
        "zh": (
            "有许多孩子在一个地方长大，爸爸妈妈在另一个地方工作。他们对着视频学做饭，数着日子睡觉，向火车招手"
            "，给家人留着座位。他们不是一个数字，也不是一个难题。他们就在这里，而且知道怎样做会更好。\n\n"
            "在这里，有些孩子用自己的话和画告诉我们。"
        ),
        "ro": (
            "Mulți copii cresc într-un loc, iar părinții lor lucrează în altul. Gătesc cu mama pe "
            "difuzor, numără nopțile, salută avioane și păstrează un scaun liber. Nu sunt o cifră și "
            "nu sunt o problemă. Sunt aici și știu ce i-ar ajuta.\n\nAici, unii dintre ei o spun cu "
            "vorbele și desenele lor."
        ),
        "it": (
            "Milioni di bambini e ragazzi crescono in un posto mentre i genitori lavorano in un altro. Cucinano "
            "al telefono, contano le notti, salutano i treni e tengono libera una sedia. Non sono un problema da "
            "contare. Sono qui, e sanno che cosa aiuterebbe.\n\nQui alcuni di loro lo dicono con le proprie parole e "
            "i propri disegni."
        ),
    },
    appeal={
        "en": (
            "We ask ministers, members of parliament and employers, in the countries children live in "
            "and in those their parents work in, for three things: a simple paper that lets the person "
            "who looks after a child sign for the child; paid leave for parents on the first day of "
            "school and when a child is ill; and a seat for children whenever these things are "
            "decided, with an answer to what they said."
        ),
        "zh": (
            "我们请各国的部长、议员、代表和用人单位（孩子生活的地方和父母工作的地方都算）做三件事：让真正照顾"
            "孩子的人，凭一份简单的文件就能替孩子签字；开学第一天和孩子生病时，让父母带薪请假；决定这些事情的"
            "时候，给孩子留一个座位，并且回答他们说的话。"
        ),
        "ro": (
            "Le cerem miniștrilor, parlamentarilor și angajatorilor, din țările în care trăiesc copiii "
            "și din cele în care lucrează părinții lor, trei lucruri: un act simplu, cu care cel care "
            "îngrijește un copil să poată semna pentru el; zile libere plătite pentru părinți la "
            "început de an școlar și când copilul este bolnav; și un loc la masă pentru copii atunci "
            "când se hotărăște despre ei, cu un răspuns la ce au spus."
        ),
        "it": (
            "Chiediamo a ministri, parlamentari e datori di lavoro, nei Paesi in cui vivono i bambini e in quelli "
            "in cui lavorano i genitori, tre cose: un documento semplice, con cui chi si prende cura di un bambino "
            "possa firmare per lui; permessi pagati per i genitori il primo giorno di scuola e quando un figlio è "
            "malato; e un posto per i bambini ogni volta che si decide di queste cose, con una risposta a quello "
            "che hanno detto."
        ),
    },
    opened=timedelta(days=10),
    closes=timedelta(days=170),
    action_link="https://partner.example/i-am-here",
    action_open=timedelta(days=120),
    partners=(
        {"name": "A made-up school network", "link": "https://schools.partner.example"},
        {"name": "A made-up children's fund", "link": "https://fund.partner.example"},
    ),
)
