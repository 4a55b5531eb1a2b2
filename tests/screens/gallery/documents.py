"""Twenty-five articles that a page has to set well: every kind of block, many scripts, awkward shapes.

Each is (headline, standfirst, stored HTML). The texts were written for this gallery.
"""

Sample = tuple[str, str, str]

_FERRY = (
    "<p>The ferry left at six with forty people and a piano on board. Nobody had asked what the piano was for, and by the "
    "time the lighthouse came into view, <em>nobody needed to</em>: the referee had lifted the lid.</p>"
)

GALLERY: dict[str, Sample] = {
    "01-plain-news": (
        "Pengelola informasi kabupaten mengikuti bimbingan teknis",
        "Peserta belajar menulis untuk warga, bukan untuk lemari arsip.",
        "<p>Pemerintah kabupaten menggelar bimbingan teknis pengelolaan konten bagi para pejabat pengelola informasi. "
        "Acara itu berlangsung sehari di aula lama, Selasa (15/11).</p><p>“Tulislah seperti bercerita kepada tetangga,” "
        "kata pemateri. Ia membagikan tiga naskah yang sama: satu panjang, satu pendek, satu <strong>benar</strong>.</p>"
        "<p>Bimbingan berikutnya direncanakan bulan depan.</p>",
    ),
    "02-headings": (
        "Six levels of heading, one after another",
        "",
        "<h2>Second level</h2><p>Text under it.</p><h3>Third level</h3><p>Text under it.</p><h4>Fourth level</h4><p>Text.</p>"
        "<h5>Fifth level, which is long enough to go over the end of a line at sixty columns</h5><p>Text.</p><h6>Sixth</h6>",
    ),
    "03-inline-styles": (
        "Emphasis of every kind in one paragraph",
        "",
        "<p>There is <em>emphasis</em>, <strong>strong text</strong>, <em><strong>both</strong></em>, <code>code()</code>, "
        "<s>what was struck</s>, <mark>what was marked</mark>, a <a href='https://example.org/a'>link</a>, a "
        "<a href='https://example.org/b'><em>link that is emphasised and long enough to go over a line end</em></a>, "
        "H<sub>2</sub>O, E = mc<sup>2</sup>, the 4<sup>th</sup>, a<sub>max</sub>, e<sup>iπ</sup>.</p>"
        "<p>A line<br/>broken by hand<br/>twice.</p>",
    ),
    "04-nested-lists": (
        "What was on the ferry",
        "",
        "<p>On board:</p><ul><li>forty people, eleven of them children</li><li>one piano, with two chairs:<ol start='9'>"
        "<li>one for the player</li><li>one for whoever turns the pages, who turned out not to have come along at all"
        "<ul><li>third level<ul><li>fourth level, still with room for a few words on each line</li></ul></li></ul></li>"
        "</ol></li><li>ice</li></ul><ol><li><p>First, a long item. " + _FERRY[3:-4] + "</p><p>And a second paragraph in "
        "it.</p></li><li>Then a short one.</li></ol>",
    ),
    "05-quotes": (
        "Who said what",
        "",
        "<blockquote><p>A pier without music is only a road that stops.</p><p>It was painted on the wall of the harbour "
        "office in letters a foot high, and nobody remembers by whom.</p><blockquote><p>A quote inside a quote.</p>"
        "</blockquote><ul><li>with a list</li><li>in it</li></ul></blockquote><p>So they say.</p>",
    ),
    "06-code": (
        "A program for the timetable",
        "",
        "<p>The schoolteacher's program:</p><pre data-language='python'>\nimport math\n\n\ndef arrives(leaves: float, miles: float, "
        'knots: float = 12.5) -> float:\n    """The hour of arrival, waves permitting."""  # decimal hours, as on the '
        "board\n    return (leaves + miles / knots) % 24</pre><p>Run it:</p><pre>\n$ python timetable.py --from 6 --miles "
        "35\n8.8</pre>",
    ),
    "07-table": (
        "The piers of the bay",
        "",
        "<table><caption>Lengths as surveyed in 2026</caption><tr><th>Pier</th><th>Opened</th><th>Length (m)</th>"
        "<th>Remarks</th></tr><tr><td>Old Bay</td><td>1987</td><td>120</td><td>Closed after the storm; now a place to fish "
        "from, at one's own risk</td></tr><tr><td>New Bay</td><td>2026</td><td>1,240</td><td>First stage</td></tr>"
        "<tr><td>Market</td><td>–</td><td>64</td><td></td></tr></table>",
    ),
    "08-wide-table": (
        "A table with more columns than any page",
        "",
        "<table><tr>" + "".join(f"<th>Measurement {n}</th>" for n in range(1, 15)) + "</tr>"
        + "".join("<tr>" + "".join(f"<td>{r * n * 37 % 1000}</td>" for n in range(1, 15)) + "</tr>" for r in range(1, 4))
        + "</table>",
    ),
    "09-figures": (
        "Pictures that are not there yet",
        "",
        "<figure><img src='https://example.org/a.jpg' alt='A piano on a pier at dawn, with a crane behind it' width='640' "
        "height='400'/><figcaption>The piano was lowered with the fish market's crane. <em>Photo: S. Lestari</em>"
        "</figcaption></figure><figure><img src='https://example.org/b.jpg' alt=''/></figure><figure>"
        "<img src='https://example.org/c.jpg' alt='One'/><img src='https://example.org/d.jpg' alt='Two'/></figure>",
    ),
    "10-footnotes": (
        "Notes, there and back",
        "",
        "<p>The song was an old one<sup><a href='#n1'>1</a></sup>, and the referee played it twice"
        "<sup><a href='#n2'>2</a></sup>.</p><section class='footnotes'><li id='n1'>“Bengawan Solo”, by Gesang, 1940; "
        "it has been sung in more languages than the harbour has berths.</li><li id='n2'><p>By some accounts three "
        "times.</p><p>The captain did not count.</p></li></section>",
    ),
    "11-definitions": (
        "Words of the harbour",
        "",
        "<dl><dt>Knot</dt><dd>One nautical mile an hour, 1.852 km/h.</dd><dt>Berth</dt><dd><p>A place where a ship lies, and "
        "by extension the distance that one keeps from something unpleasant.</p><ul><li>a wide one</li></ul></dd>"
        "<dt>Harbour master</dt></dl>",
    ),
    "12-rule-and-short-blocks": ("Three scenes", "", "<p>One.</p><hr/><p>Two.</p><hr/><p>Three.</p>"),
    "13-interview": (
        "“I never meant to play”",
        "The referee on whistles, pianos, and silence.",
        "<p><strong>Why did you take it along?</strong></p><p>It was going to be thrown away.</p><p><strong>And the second "
        "chair?</strong></p><p>Hope.</p>",
    ),
    "14-japanese": (
        "港に音楽が戻った日、ピアノは市場へ運ばれた",
        "七年かけて造られた桟橋は、演説なしで開通した。",
        "<p>吾輩は船である。「名前はまだ無い」。どこで造られたかとんと見当がつかぬ。何でも薄暗い（そして湿った）ドックでギーギー"
        "鳴っていた事だけは記憶している。</p><ul><li>乗客は四十人、うち十一人は子ども。</li><li>ピアノ一台。</li></ul>",
    ),
    "15-chinese-table": (
        "码头的新时刻表",
        "",
        "<p>新码头从本周一开始启用，第一班渡轮早上六点出发；末班船的时间会根据天气情况另行通知，请乘客留意广播。</p><table><tr><th>班次</th>"
        "<th>出发</th><th>说明</th></tr><tr><td>首班</td><td>6:00</td><td>载客四十人，另有一架钢琴需要用吊车搬运到甲板上面</td></tr></table>",
    ),
    "16-korean": (
        "피아노를 실은 첫 배가 새 부두에 닿았다",
        "",
        "<p>배는 여섯 시에 승객 마흔 명과 피아노 한 대를 싣고 떠났다. 아무도 피아노가 왜 거기 있는지 묻지 않았고, 등대가 보일 무렵에는 "
        "물을 필요도 없었다.</p>",
    ),
    "17-thai": (
        "เรือลำแรกเทียบท่าใหม่พร้อมเปียโนหนึ่งหลัง",
        "",
        "<p>เรือออกจากท่าตอนหกโมงเช้าพร้อมผู้โดยสารสี่สิบคนและเปียโนหนึ่งหลัง ไม่มีใครถามว่าเปียโนนั้นมีไว้ทำอะไร "
        "จนกระทั่งมองเห็นประภาคารอยู่ข้างหน้า แล้วก็ไม่มีใครต้องถามอีกเลย</p>",
    ),
    "18-arabic": (
        "أول عبارة تصل إلى الرصيف الجديد وعلى متنها بيانو",
        "استغرق بناء الرصيف سبع سنوات.",
        "<p>غادرت العبارة في السادسة صباحا وعلى متنها أربعون راكبا وبيانو واحد، ولم يسأل أحد عن سبب وجوده هناك حتى ظهرت "
        "المنارة.</p><ul><li>أربعون راكبا</li><li>بيانو واحد مع كرسيين</li></ul><blockquote><p>رصيف بلا موسيقى ليس إلا "
        "طريقا ينقطع.</p></blockquote>",
    ),
    "19-hebrew-and-english": (
        "המעבורת הראשונה הגיעה לרציף החדש",
        "",
        "<p>המעבורת MV Bahari יצאה בשש בבוקר עם 40 נוסעים ופסנתר אחד.</p><p>An English paragraph with שלום in its middle "
        "stays at the left.</p>",
    ),
    "20-hindi-and-tamil": (
        "नए घाट पर पहली नाव पहुँची, साथ में एक पियानो",
        "",
        "<p>नाव सुबह छह बजे चालीस यात्रियों और एक पियानो के साथ रवाना हुई। किसी ने नहीं पूछा कि पियानो किसलिए है।</p>"
        "<p>படகு காலை ஆறு மணிக்கு நாற்பது பயணிகளுடனும் ஒரு பியானோவுடனும் புறப்பட்டது.</p>",
    ),
    "21-cyrillic-and-greek": (
        "Первый паром пришёл к новому причалу с роялем на борту",
        "",
        "<p>Паром отошёл в шесть утра с сорока пассажирами и роялем. Никто не спросил, зачем он там стоит.</p>"
        "<p>Το πλοίο έφυγε στις έξι με σαράντα επιβάτες και ένα πιάνο στο κατάστρωμα.</p>",
    ),
    "22-emoji-and-marks": (
        "Signs and wonders 👩‍👩‍👧 ❤️ 🇮🇩",
        "",
        "<p>Families 👨‍👩‍👧‍👦 and 👩‍👩‍👧, hands 👍🏽 and 👋🏿, hearts ❤️ and ♥, flags 🇮🇩🇲🇾🇹🇱 and 🏴‍☠️, keys 1️⃣ 2️⃣, work 👩🏽‍🚒, all in one "
        "row until it ends. Then cafe\u0301, Việt Nam, Å and A\u030a, and a pile: o\u0302\u0303\u0308.</p>",
    ),
    "23-long-words": (
        "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz und andere lange Wörter in einer Überschrift",
        "",
        "<p>See https://example.org/a/very/long/path/that/goes/on/and-on-and-on/until?it=ends&and=then#some-more for more, or "
        "the hash " + "0123456789abcdef" * 8 + ".</p><ul><li>" + "x" * 130 + "</li></ul>",
    ),
    "24-untitled-and-empty-parts": (
        "",
        "",
        "<p>No headline, no standfirst.</p><ul><li></li><li>second</li></ul><table><tr><td></td><td>b</td></tr></table>"
        "<blockquote></blockquote><p>End.</p>",
    ),
    "25-deep-nesting": (
        "A discussion that went too far",
        "",
        "<blockquote>" * 16 + "<p>Sixteen quotes deep there is still room for words to stand in a line.</p>" + "</blockquote>" * 16
        + "<ul><li>" * 14 + "Fourteen lists deep as well." + "</li></ul>" * 14,
    ),
}  # fmt: skip
