"""Pages in the languages and public templates of the wider world, in our own words: the article, and nothing of the page."""

from __future__ import annotations

import pytest

from bacatui.articles import extract

# language, zone, title, byline, four paragraphs, and the labels that papers of that language set among and after them
PAPERS = {
    "es": ("La aldea vigila el dique toda la noche", "Lucía Romero", (
        "Los vecinos de la aldea vigilaron el dique desde el domingo por la tarde, después de que el río subiera hasta la rodilla.",
        "El presidente de la junta repartió a los guardias en tres turnos y pidió que los niños durmieran en la escuela.",
        "«No esperamos órdenes: cuando la campana suena dos veces, todos saben adónde ir», dijo antes de volver al agua.",
        "Al amanecer el nivel bajó un palmo; unos se fueron a casa y otros prefirieron preparar otra ronda de café.",
    ), ("Lea también: <a href=/x>La bomba que no arrancó</a>", "Te puede interesar: <a href=/x>Lluvias hasta el miércoles</a>", "PUBLICIDAD",
        "Síguenos en Google Noticias y recibe las últimas noticias en tu teléfono", "Etiquetas: <a href=/t>río</a>"),
        ("Deja un comentario", "Tu dirección de correo electrónico no será publicada.")),
    "pt": ("Aldeia vigia o dique durante toda a noite", "Joana Prado", (
        "Os moradores da aldeia vigiaram o dique desde a tarde de domingo, depois que o rio subiu até a altura dos joelhos.",
        "O presidente da associação dividiu os vigias em três turnos e pediu que as crianças dormissem no salão da escola.",
        "“Ninguém espera ordens: quando o sino toca duas vezes, todos sabem para onde ir”, disse ele antes de voltar à água.",
        "Ao amanhecer o nível baixou um palmo; alguns foram para casa, e outros preferiram coar mais um bule de café.",
    ), ("Leia também: <a href=/x>A bomba que não pegou</a>", "Veja também: <a href=/x>Chuvas até quarta</a>", "CONTINUA DEPOIS DA PUBLICIDADE",
        "Clique aqui para receber as notícias no WhatsApp", "Tags: <a href=/t>rio</a>"), ("Deixe um comentário", "O seu endereço de e-mail não será publicado.")),
    "fr": ("Le village veille sur la digue toute la nuit", "Claire Besson", (
        "Les habitants du village ont veillé sur la digue depuis dimanche soir, après que la rivière est montée jusqu’aux genoux.",
        "Le président du comité a réparti les gardes en trois équipes et demandé que les enfants dorment dans la salle des fêtes.",
        "« Nous n’attendons pas d’ordres : quand la cloche sonne deux fois, chacun sait où aller », a-t-il dit en repartant.",
        "À l’aube, l’eau avait baissé d’une main ; les uns sont rentrés, les autres ont préféré refaire du café.",
    ), ("Lire aussi : <a href=/x>La pompe qui n’a pas démarré</a>", "À lire également : <a href=/x>Pluies jusqu’à mercredi</a>", "PUBLICITÉ",
        "Abonnez-vous à notre newsletter pour ne rien manquer de l’actualité", "Mots-clés : <a href=/t>rivière</a>"), ("Laisser un commentaire", "Votre adresse e-mail ne sera pas publiée.")),
    "de": ("Das Dorf bewacht den Deich die ganze Nacht", "Jana Petersen", (
        "Die Bewohner des Dorfes bewachen den Deich seit Sonntagabend, nachdem der Fluss bis zu den Knien gestiegen war.",
        "Der Vorsteher teilte die Wachen in drei Schichten ein und bat darum, dass die Kinder in der Turnhalle schlafen.",
        "„Wir warten nicht auf Befehle: Wenn die Glocke zweimal schlägt, weiß jeder, wohin er muss“, sagte er und ging.",
        "Im Morgengrauen war das Wasser eine Handbreit gefallen; manche gingen heim, andere kochten lieber noch einmal Kaffee.",
    ), ("Lesen Sie auch: <a href=/x>Die Pumpe, die nicht ansprang</a>", "Mehr zum Thema: <a href=/x>Regen bis Mittwoch</a>", "ANZEIGE",
        "Melden Sie sich für unseren Newsletter an und verpassen Sie keine Nachricht", "Schlagworte: <a href=/t>Fluss</a>"), ("Schreibe einen Kommentar", "Deine E-Mail-Adresse wird nicht veröffentlicht.")),
    "it": ("Il paese veglia sull’argine tutta la notte", "Marta Rinaldi", (
        "Gli abitanti del paese vegliano sull’argine da domenica sera, dopo che il fiume è salito fino alle ginocchia.",
        "Il capo del comitato ha diviso le guardie in tre turni e ha chiesto che i bambini dormissero nella palestra.",
        "«Non aspettiamo ordini: quando la campana suona due volte, ognuno sa dove andare», ha detto tornando nell’acqua.",
        "All’alba il livello era sceso di un palmo; alcuni sono tornati a casa, altri hanno preferito rifare il caffè.",
    ), ("Leggi anche: <a href=/x>La pompa che non partiva</a>", "Potrebbe interessarti: <a href=/x>Piogge fino a mercoledì</a>", "PUBBLICITÀ",
        "Iscriviti alla nostra newsletter per ricevere le notizie ogni mattina", "Tag: <a href=/t>fiume</a>"), ("Lascia un commento", "Il tuo indirizzo email non sarà pubblicato.")),
    "ru": ("Деревня всю ночь стерегла плотину", "Анна Котова", (
        "Жители деревни стерегут плотину с вечера воскресенья, после того как вода в реке поднялась взрослому человеку по колено.",
        "Староста разделил сторожей на три смены и попросил, чтобы дети этой ночью спали в школьном спортивном зале.",
        "«Мы не ждём приказов: когда колокол бьёт два раза, каждый знает, куда ему идти», — сказал он и вернулся к воде.",
        "К рассвету вода спала на ладонь; одни ушли домой, другие предпочли ещё раз сварить кофе прямо на берегу.",
    ), ("Читайте также: <a href=/x>Насос, который не завёлся</a>", "По теме: <a href=/x>Дожди до среды</a>", "РЕКЛАМА",
        "Подписывайтесь на наш канал в Telegram и узнавайте новости первыми", "Теги: <a href=/t>река</a>"), ("Комментарии", "Ваш адрес email не будет опубликован.")),
    "ar": ("القرية تحرس السد طوال الليل", "ليلى حداد", (
        "حرس سكان القرية السد منذ مساء الأحد بعد أن ارتفعت مياه النهر حتى بلغت ركبة الرجل البالغ في الشارع الرئيسي.",
        "وقسم رئيس اللجنة الحراس إلى ثلاث نوبات وطلب أن ينام الأطفال تلك الليلة في قاعة المدرسة القديمة عند السوق.",
        "وقال قبل أن يعود إلى الماء: نحن لا ننتظر الأوامر، فإذا قرع الجرس مرتين عرف كل واحد إلى أين يذهب.",
        "وعند الفجر انخفض الماء شبرا، فعاد بعضهم إلى بيوتهم وفضل آخرون أن يعدوا القهوة مرة أخرى على الضفة.",
    ), ("اقرأ أيضا: <a href=/x>المضخة التي لم تعمل</a>", "شاهد أيضا: <a href=/x>أمطار حتى الأربعاء</a>", "إعلان",
        "تابعونا على تطبيق واتساب لمعرفة آخر الأخبار أولا بأول", "الكلمات الدلالية: <a href=/t>النهر</a>"), ("اترك تعليقا", "لن يتم نشر عنوان بريدك الإلكتروني.")),
    "hi": ("गाँव ने रात भर बाँध की रखवाली की", "मीरा जोशी", (
        "गाँव के लोग रविवार की शाम से बाँध पर पहरा दे रहे हैं, क्योंकि नदी का पानी घुटनों तक चढ़ आया था।",
        "मुखिया ने पहरेदारों को तीन पालियों में बाँट दिया और कहा कि बच्चे आज रात पाठशाला के बड़े कमरे में सोएँ।",
        "उन्होंने कहा, हम आदेश की राह नहीं देखते, घंटी दो बार बजे तो सब जानते हैं कि कहाँ जाना है।",
        "भोर तक पानी एक बित्ता उतर गया, कुछ लोग घर लौट गए और बाकी ने फिर से चाय चढ़ाना ठीक समझा।",
    ), ("यह भी पढ़ें: <a href=/x>पंप जो चला ही नहीं</a>", "ये भी पढ़ें: <a href=/x>बुधवार तक बारिश</a>", "विज्ञापन",
        "ताजा खबरों के लिए हमारे व्हाट्सएप चैनल से जुड़ें", "टैग: <a href=/t>नदी</a>"), ("टिप्पणियाँ", "आपका ईमेल पता प्रकाशित नहीं किया जाएगा।")),
    "th": ("ชาวบ้านเฝ้าคันดินตลอดทั้งคืน", "สุดา ใจดี", (
        "ชาวบ้านเฝ้าคันดินมาตั้งแต่เย็นวันอาทิตย์ หลังจากน้ำในแม่น้ำขึ้นสูงถึงหัวเข่าของผู้ใหญ่บนถนนสายหลักของหมู่บ้าน",
        "ผู้ใหญ่บ้านแบ่งคนเฝ้าออกเป็นสามผลัด และขอให้เด็กทุกคนไปนอนที่หอประชุมของโรงเรียนในคืนนี้",
        "เขากล่าวก่อนกลับลงน้ำว่า เราไม่รอคำสั่ง เมื่อระฆังดังสองครั้ง ทุกคนรู้ว่าต้องไปที่ไหน",
        "พอรุ่งสางน้ำลดลงหนึ่งคืบ บางคนกลับบ้าน ส่วนคนอื่นเลือกที่จะต้มกาแฟอีกหนึ่งหม้อริมฝั่ง",
    ), ("อ่านเพิ่มเติม: <a href=/x>เครื่องสูบน้ำที่ไม่ติด</a>", "ข่าวที่เกี่ยวข้อง: <a href=/x>ฝนตกถึงวันพุธ</a>", "โฆษณา",
        "ติดตามข่าวสารได้ที่ LINE", "แท็ก: <a href=/t>แม่น้ำ</a>"), ("แสดงความคิดเห็น", "อีเมลของคุณจะไม่แสดงให้คนอื่นเห็น")),
    "ja": ("村人が夜通し堤防を見守る", "田中 美咲", (
        "川の水が大人のひざの高さまで上がったため、村の住民は日曜日の夕方から堤防の上で見張りを続けている。",
        "自治会長は見張りを三つの組に分け、子どもたちには今夜は学校の体育館で眠るように頼んだ。",
        "「私たちは命令を待たない。鐘が二度鳴れば、だれもがどこへ行くかを知っている」と会長は話した。",
        "明け方には水が手のひら一つ分だけ下がり、帰る人もいれば、もう一度コーヒーをいれる人もいた。",
    ), ("関連記事：<a href=/x>動かなかったポンプ</a>", "あわせて読みたい：<a href=/x>水曜日まで雨</a>", "広告",
        "最新ニュースはLINEで受け取れます", "タグ：<a href=/t>川</a>"), ("コメントを残す", "メールアドレスが公開されることはありません。")),
    "zh": ("村民彻夜守护堤坝", "李文静", (
        "由于河水涨到成年人的膝盖，村里的居民从星期天傍晚开始一直守在堤坝上，没有人回家睡觉。",
        "村长把守夜的人分成三班，并请大家让孩子们今晚先睡在学校的礼堂里，等水退了再回家。",
        "他下水之前说：“我们不等命令，钟敲两下，每个人都知道该往哪里去，该带什么东西。”",
        "天亮时水退了一掌，有人回家去了，另一些人则宁愿在岸边再煮一壶咖啡，等着换班。",
    ), ("延伸阅读：<a href=/x>没有发动的水泵</a>", "相关新闻：<a href=/x>雨下到星期三</a>", "广告",
        "扫码关注我们的微信公众号，获取最新消息", "标签：<a href=/t>河</a>"), ("发表评论", "您的电子邮箱地址不会被公开。")),
}  # fmt: skip


def p(texts: object) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)  # type: ignore[attr-defined]


@pytest.mark.parametrize("language", PAPERS)
@pytest.mark.parametrize("theme", ["wordpress", "bare"])
def test_a_paper_of_any_language_comes_out_exact(language: str, theme: str) -> None:
    title, name, story, labels, (end, more) = PAPERS[language]
    one, two, three, four = story
    also, related, advert, follow, tags = labels
    teasers = "".join(f"<h4><a href=/{n}>{story[n][:40]}</a></h4>" for n in range(4))
    if theme == "wordpress":
        body = (
            f"<div class='td-post-content'>{p([one])}<p><strong>{also}</strong></p>{p([two])}<div class=code-block>{advert}</div>{p([three])}"
            f"<p>{related}</p>{p([four])}<p><em>{follow}</em></p></div><div class=post-tags>{tags}</div>"
            f"<div class=related-posts>{teasers}</div><div id=comments><h3>{end}</h3><p>{more}</p></div>"
        )
    else:
        body = f"<div>{p([one, also, two, advert, three, related, four, follow, tags])}<h3>{end}</h3><p>{more}</p>{teasers}</div>"
    page = (
        f"<html lang={language}><head><title>{title} | El Faro</title><meta property=og:site_name content='El Faro'>"
        f"<meta property=article:published_time content=2024-09-02T05:40:00+02:00><meta name=author content='{name}'></head>"
        f"<body><nav><a href=/>El Faro</a> <a href=/a>A</a></nav><article class='post type-post status-publish category-news tag-x hentry'>"
        f"<h1>{title}</h1><p class=byline>{name}</p>{body}</article><footer>© 2024 El Faro</footer></body></html>"
    )
    article = extract(page, "https://elfaro.example/a/1")
    assert article.text.split("\n\n") == list(story)
    assert (article.title, article.byline, str(article.published)) == (
        title,
        name,
        "2024-09-02 05:40:00+02:00",
    )
