"""Arabic."""

from __future__ import annotations

SENTENCES: dict[str, str] = {
    # api
    "Sign in, or send an API key.": "سجّل الدخول أو أرسل مفتاح API.",
    # addresses
    "There is no phone number.": "لا يوجد رقم هاتف.",
    "“{number}” is not a phone number: it has letters in it.": "«{number}» ليس رقم هاتف: فيه حروف.",
    "“{number}” is too short to be a phone number.": "«{number}» أقصر من أن يكون رقم هاتف.",
    "“{number}” is too long to be a phone number.": "«{number}» أطول من أن يكون رقم هاتف.",
    "“{number}” begins with a country code that does not exist.": "يبدأ «{number}» برمز دولة غير موجود.",
    "“{number}” is not a number of {country}. If it is from another country, begin with + and the country code.": "«{number}» ليس رقمًا من {country}. إن كان من بلد آخر فابدأه بعلامة + ثم رمز الدولة.",
    "“{number}” was shortened by a spreadsheet and its last digits are lost. Make the column text and enter the number again.": "اختصر برنامج الجداول الرقم «{number}» فضاعت أرقامه الأخيرة. اجعل العمود نصًّا وأدخل الرقم من جديد.",
    "“{number}” is more than one number. Put each in a column of its own.": "في «{number}» أكثر من رقم. ضع كل رقم في عمود خاص به.",
    "“{number}” has an extension, which a text cannot reach.": "في «{number}» رقم داخلي، ولا تصل إليه الرسائل النصية.",
    "“{number}” is not a phone number.": "«{number}» ليس رقم هاتف.",
    "“{urn}” is not an address we can write to. Write a number as tel:+306941234567.": "«{urn}» ليس عنوانًا يمكننا الكتابة إليه. اكتب الرقم هكذا: tel:+306941234567.",
}
