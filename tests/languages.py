"""Greetings in forty languages: names and words that are hard to set, for tests of every script.

Written for these tests, or from article 1 of the Universal Declaration of Human Rights, which is free.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Greeting:
    """What a card says in a language. `word` is one that a reader of the file might search for."""

    language: str
    name: str
    message: str
    word: str
    direction: str = "ltr"


GREETINGS = {
    greeting.language: greeting
    for greeting in (
        Greeting(
            "en", "Zoë O’Brien-Smith", "The office staff fitted five baffling ruffles: “fjord”.", "baffling"
        ),
        Greeting("de", "Jürgen Weiß", "Schön, dass Sie „zufällig“ auf der Straße schlafen.", "zufällig"),
        Greeting("fr", "Françoise Lefèvre", "L’œuvre est là : naïve, gaie – « offerte » à l’été.", "œuvre"),
        Greeting("es", "Íñigo Peñaranda", "¡Qué alegría! ¿Vendrá mañana el pingüino?", "pingüino"),
        Greeting("pl", "Łucja Gżegżółka", "Zażółć gęślą jaźń, dziękujemy.", "gęślą"),
        Greeting("cs", "Jiří Dvořák", "Příliš žluťoučký kůň úpěl ďábelské ódy.", "žluťoučký"),
        Greeting("hu", "Gyöngyi Szőllősi", "Árvíztűrő tükörfúrógép, köszönjük.", "tükörfúrógép"),
        Greeting("ro", "Ștefan Țăran", "Vă mulțumim și vă așteptăm înapoi.", "mulțumim"),
        Greeting("tr", "Şükrü Yıldız", "İyi ki varsınız, teşekkürler ığdır.", "teşekkürler"),
        Greeting("is", "Þórður Ævarsson", "Kærar þakkir, ljúfa æðarfuglsins vinkona.", "þakkir"),
        Greeting("vi", "Nguyễn Thị Ánh", "Cảm ơn bạn đã quay lại với cửa hàng chúng tôi.", "chúng"),
        Greeting("yo", "Adékúnlé Ọ̀ṣọ́", "Ẹ ṣé púpọ̀, ẹ kú àárọ̀.", "púpọ̀"),
        Greeting("el", "Ελένη Παπαΐωάννου", "Ευχαριστούμε πολύ, Άννα· ᾠδή.", "Ευχαριστούμε"),
        Greeting("ru", "Наталья Щёголева", "Спасибо, что вы снова с нами, ещё раз.", "снова"),
        Greeting("uk", "Софія Ґалаґан", "Щиро дякуємо, що ви з нами, їжачок.", "дякуємо"),
        Greeting("sr", "Ђорђе Њежић", "Хвала што сте опет код нас, џем и љубав.", "љубав"),
        Greeting("hy", "Անահիտ Հակոբյան", "Շնորհակալություն, որ վերադարձաք և մնացիք։", "վերադարձաք"),
        Greeting("ka", "ნინო ჯაფარიძე", "გმადლობთ, რომ ისევ ჩვენთან ხართ.", "ჩვენთან"),
        Greeting("ar", "لَيلى الأحمد", "شُكرًا لكِ يا ليلى، لأنّكِ هنا.", "ليلى", "rtl"),
        Greeting("fa", "پژمان گل‌محمدی", "سپاسگزاریم که دوباره برگشتید.", "دوباره", "rtl"),
        Greeting("ur", "عائشہ چوہدری", "آپ کا بہت شکریہ، ٹوپی ڈھیلی ہے۔", "شکریہ", "rtl"),
        Greeting("he", "נָעֳמִי לֵוִי", "תודה רבה שחזרת אלינו, שָׁלוֹם.", "רבה", "rtl"),
        Greeting("dv", "އައިޝަތު", "ވަރަށް ބޮޑަށް ޝުކުރިއްޔާ", "ވަރަށް", "rtl"),
        Greeting("hi", "ऋषिकेश शर्मा", "हमारे साथ जुड़ने के लिए धन्यवाद, क्षत्रिय श्रीमती दुर्गा।", "धन्यवाद"),
        Greeting("mr", "ज्ञानेश्वरी कुऱ्हाडे", "तुमचे मनःपूर्वक आभार, सुऱ्या।", "आभार"),
        Greeting("bn", "ঋতুপর্ণা চট্টোপাধ্যায়", "আপনাকে অনেক ধন্যবাদ, শ্রীমতী কৌশিক।", "ধন্যবাদ"),
        Greeting("pa", "ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ", "ਤੁਹਾਡਾ ਬਹੁਤ ਧੰਨਵਾਦ, ਪਿਆਰੇ।", "ਧੰਨਵਾਦ"),
        Greeting("gu", "હર્ષિદા જ્ઞાની", "તમારો ખૂબ ખૂબ આભાર, ક્ષમા શ્રી.", "આભાર"),
        Greeting("or", "ଲକ୍ଷ୍ମୀ ପଟ୍ଟନାୟକ", "ଆପଣଙ୍କୁ ବହୁତ ଧନ୍ୟବାଦ।", "ଧନ୍ୟବାଦ"),
        Greeting("ta", "ஸ்ரீதேவி கௌரி", "உங்களுக்கு மிக்க நன்றி, கொடுத்தோம்.", "நன்றி"),
        Greeting("te", "లక్ష్మి శ్రీనివాస్", "మీకు చాలా ధన్యవాదాలు, స్త్రీ కృష్ణా.", "ధన్యవాదాలు"),
        Greeting("kn", "ಲಕ್ಷ್ಮೀ ಕೃಷ್ಣಮೂರ್ತಿ", "ನಿಮಗೆ ತುಂಬಾ ಧನ್ಯವಾದಗಳು, ಶ್ರೀ.", "ಧನ್ಯವಾದಗಳು"),
        Greeting("ml", "ലക്ഷ്മി കൃഷ്ണൻ", "നിങ്ങൾക്ക് വളരെ നന്ദി, ശ്രീമതി പ്രിയ.", "നന്ദി"),
        Greeting("si", "ශ්‍රියානි විජේසිංහ", "ඔබට බොහොම ස්තූතියි, ක්‍රිෂ්ණා.", "බොහොම"),
        Greeting("th", "ณัฐพงษ์ น้ำผึ้ง", "ขอบคุณมากที่กลับมาหาเราอีกครั้ง ทำได้ดีน้ำใจ", "กลับมา"),
        Greeting("lo", "ຄຳແພງ ຫຼວງພະບາງ", "ຂອບໃຈຫຼາຍໆທີ່ກັບມາຫາພວກເຮົາ", "ຂອບໃຈ"),
        Greeting("km", "សុខា ច័ន្ទស្រី", "សូមអរគុណដែលបានត្រឡប់មកវិញ ស្រ្តី", "អរគុណ"),
        Greeting("my", "ခင်မြတ်နိုး", "ကျေးဇူးတင်ပါတယ် မင်္ဂလာပါ ပြန်လာတာ ဝမ်းသာတယ်။", "မင်္ဂလာပါ"),
        Greeting("bo", "བསྟན་འཛིན་རྒྱ་མཚོ", "ཐུགས་རྗེ་ཆེ། བཀྲ་ཤིས་བདེ་ལེགས།", "ཐུགས"),
        Greeting("am", "አበበ ተስፋዬ", "እናመሰግናለን፣ እንኳን ደህና መጡ።", "እናመሰግናለን"),
        Greeting("chr", "ᏩᏙ ᏣᎳᎩ", "ᎣᏏᏲ ᏩᏙ ꮳꮃꭹ", "ᎣᏏᏲ"),
        Greeting("zgh", "ⵜⵉⵍⵍⵉ", "ⴰⵣⵓⵍ ⵜⴰⵏⵎⵎⵉⵔⵜ", "ⴰⵣⵓⵍ"),
        Greeting("iu", "ᐊᐃᓇᓇ", "ᓇᑯᕐᒦᒃ ᐃᓄᒃᑎᑐᑦ", "ᓇᑯᕐᒦᒃ"),
        Greeting("jv", "ꦱꦸꦒꦼꦁ", "ꦩꦠꦸꦂꦤꦸꦮꦸꦤ꧀", "ꦩꦠꦸꦂ"),
        Greeting(
            "ja",
            "髙橋𠮷野さん",
            "いつもありがとうございます。「今後とも」直・骨・葛、パーティー!",
            "ありがとう",
        ),
        Greeting("zh-Hans", "李雪梅", "亲爱的张伟，感谢您再次光临：直、骨、葛。", "感谢"),
        Greeting("zh-Hant", "陳𠮟怡君", "親愛的陳小姐，感謝您再次光臨：直、骨、葛。", "感謝"),
        Greeting("ko", "김지훈 똠방", "다시 찾아 주셔서 감사합니다. 한글", "감사합니다"),
    )
}
