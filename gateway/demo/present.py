"""What is going on in the demo's house at the first look: waiting, under way, put off."""

from __future__ import annotations

from gateway.demo.talks import DAY, HOUR, MINUTE, Talk, talk

PRESENT: tuple[Talk, ...] = (
    # ---- yours
    talk(
        "aino",
        26 * MINUTE,
        (0, "c", "Hei! Tilaus 40211: sohvan toinen jalka puuttuu paketista. Mitä teen?"),
        (20, "tag", "missing part"),
        (5, "take", "elina"),
        (70, "a", "Hei Aino, täällä Elina Kaarnasta. Ikävä kuulla! Lähetän uuden jalan vielä tänään, se on perillä ylihuomenna."),
        (110, "c", "Kiitos! Tuleeko ruuvit mukana?"),
        (60, "a", "Tulevat, ja kuusiokoloavain myös."),
        (30, "note", "Varasto: jalka KA-204, 1 kpl. Pyydä Mikkoa lisäämään ruuvipussi."),
        (90, "file", "leg.png"),
        (15, "c", "Tältä se näyttää nyt 😅"),
        (20, "claim", "mailto:aino.virtanen@example.fi"),
    ),
    talk(
        "james",
        2 * HOUR + 5 * MINUTE,
        (0, "c", "Hello, is the Haapa table available in 220 cm? The page only shows 180."),
        (40, "take", "ritva"),
        (60, "a", "Hi James! It is made to order at 220 cm, about five weeks."),
        (200, "c", "That works. Could you call me about the finish? I'd rather decide that by phone."),
        (15, "claim", "tel:+447700900123"),
        (30, "note", "Wants a call about the finish, afternoon London time. He has the 2019 bench in smoked oak."),
        (20, "give", "elina"),
        (5, "prio", 1),
        (0, "tag", "made to order"),
        (0, "due", 3 * HOUR),
    ),
    talk(
        "layla",
        8 * MINUTE,
        (0, "c", "مرحباً، وصلت الطاولة وعليها خدش واضح على السطح. هل يمكن استبدالها؟"),
        (12, "file", "scratch.png"),
        (3, "c", "هذه صورة الخدش"),
        (30, "tag", "damage"),
        (0, "prio", 1),
        (20, "take", "elina"),
    ),
    talk(
        "grace",
        50 * MINUTE,
        (0, "c", "Hi, I was charged twice for the Usva lamp."),
        (30, "take", "omar"),
        (80, "a", "Hi Grace, I can see both charges. One is only reserved and will vanish by tomorrow."),
        (300, "c", "OK, but my bank says both were taken. See the statement?"),
        (60, "note", "Payment provider shows one captured, one void. Elina, can you confirm with Billing?"),
        (20, "tag", "refund"),
        (0, "tag", "vip"),
        (10, "give", "elina"),
    ),
    # ---- in the queue
    talk(
        "anand",
        4 * MINUTE + 10,
        (0, "c", "नमस्ते, मेरा लैंप टूटा हुआ आया है। क्या आप नया भेज सकते हैं?"),
        (35, "c", "ऑर्डर नंबर 41002 है।"),
        (5, "tag", "damage"),
    ),
    talk(
        "rahim",
        11 * MINUTE,
        (0, "c", "আমার পেমেন্ট বারবার বাতিল হচ্ছে, কার্টে তিনটি চেয়ার আছে। সাহায্য করবেন?"),
        (40, "claim", "tel:+8801712345678"),
        (0, "prio", 1),
    ),
    talk("tom", 2 * MINUTE + 20, (0, "c", "Do you ship the Kanto sofa to Chicago? And what about customs?")),
    talk("nameless", 55, (0, "c", "how do i change the delivery address??")),
    talk(
        "hanna",
        6 * MINUTE,
        (
            0,
            "c",
            (
                "Guten Tag, welche Bezugsstoffe gibt es für das Kanto-Sofa, und kann ich Muster der drei Grautöne und des Rosttons bestellen? "
                "Ich möchte sie bei Tageslicht neben unserem Parkett sehen, bevor ich mich entscheide."
            ),
        ),
    ),
    # ---- with colleagues
    talk(
        "lakshmi",
        18 * MINUTE,
        (0, "c", "నమస్తే, సోఫా కవర్లు ఉతకవచ్చా?"),
        (25, "take", "priya"),
        (50, "a", "నమస్తే లక్ష్మి గారు! అవును, 30 డిగ్రీల వద్ద ఉతకవచ్చు."),
        (90, "c", "చాలా ధన్యవాదాలు! డ్రైయర్‌లో వేయవచ్చా?"),
        (40, "a", "వద్దు, నీడలో ఆరబెట్టండి. అప్పుడు కవర్ కుంచించుకుపోదు."),
    ),
    talk(
        "katrin",
        35 * MINUTE,
        (0, "c", "Meine Bestellung 40120 steht seit einer Woche auf „in Bearbeitung“."),
        (40, "tag", "delivery"),
        (30, "take", "mikko"),
        (80, "a", "Hallo Katrin, die Eichenplatte kam verspätet. Ihr Tisch verlässt uns am Dienstag."),
        (120, "c", "Das ist schon das dritte Mal, dass sich der Termin verschiebt!!!"),
        (30, "tag", "complaint"),
        (40, "note", "Third delay for her. Offer free delivery, approved by Ritva."),
        (60, "a", "Das tut mir leid. Die Lieferung geht auf uns, und ich schreibe Ihnen am Montag, sobald die Platte geölt ist."),
        (240, "c", "Danke, damit kann ich leben."),
    ),
    talk(
        "pierre",
        14 * MINUTE,
        (0, "c", "Bonjour, le code BIENVENUE10 ne fonctionne pas."),
        (30, "take", "omar"),
        (45, "a", "Bonjour Pierre, le code vaut pour une première commande. Je vous fais le geste quand même : essayez KAARNA10."),
        (70, "c", "Parfait, merci beaucoup !"),
    ),
    talk(
        "yuki",
        3 * HOUR,
        (0, "c", "Usvaランプは日本の電圧（100V）で使えますか？"),
        (200, "take", "mikko"),
        (90, "a", "はい、100〜240Vに対応しています。プラグはAタイプをお付けします。"),
        (400, "c", "ありがとうございます。もう一つ、電球の色温度を教えてください。"),
        (300, "a", "2700Kです。調光もできます。"),
    ),
    talk(
        "aino2",
        9 * MINUTE,
        (0, "c", "Moi taas! Onko Kanto-sohvasta saatavilla vihreää kangasta?"),
        (30, "claim", "mailto:aino.virtanen@example.fi"),
        (15, "take", "ritva"),
    ),
    # ---- put off
    talk(
        "maria",
        DAY + 3 * HOUR,
        (0, "c", "Hej! Jag vill byta stolarna mot den mörkare varianten."),
        (90, "take", "elina"),
        (60, "a", "Hej Maria! Det går bra. De mörka kommer i lager på tisdag, jag hör av mig då."),
        (200, "c", "Toppen, tack!"),
        (30, "tag", "exchange"),
        (20, "snooze", 2 * DAY),
    ),
    talk(
        "daniel",
        2 * DAY,
        (0, "c", "Czy mogę odebrać stół osobiście w Gdańsku?"),
        (400, "take", "mikko"),
        (90, "a", "Tak, od przyszłego tygodnia. Dam znać, gdy będzie gotowy."),
        (100, "snooze", 3 * DAY),
    ),
)
