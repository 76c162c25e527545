/**
 * How many pieces a title says that one buys: `Pack of 6`, `6-pack`, `lot de 3`, `x12`, `24 ct`. 1 when it says nothing. Sizes of the thing itself
 * (`500 ml`, `32 GB`) are no packs.
 */
const AFTER = /(?:\b(?:pack|packs|case|box|set|lot|bundle|carton|pk|coffret|paquet|multipack)\s*(?:of|de|d')?\s*:?\s*|(?:^|[\s(])x\s?|×\s?)(\d{1,3})\b(?!\s*(?:ml|cl|l|g|kg|oz|lb|cm|mm|inch|in|"|gb|tb|w|v)\b)/giu;
const BEFORE = /(?:^|[\s(\[,-])(\d{1,3})\s*-?\s*(?:pack|pk|pcs?|pieces|pi[eè]ces|count|ct|units?|unit[eé]s|pairs?)\b/giu;
const TIMES_SIZE = /(?:^|[\s(])(\d{1,3})\s?[x×]\s?\d+(?:[.,]\d+)?\s?(?:ml|cl|l|g|kg|oz|gr)\b/iu;
const ARABIC = /(?:عبوة|علبة|مجموعة|طقم)\s*(?:من)?\s*(\d{1,3})|(\d{1,3})\s*(?:قطع|قطعة|حبات|حبة)/u;
const DIGITS: Record<string, string> = { '٠': '0', '١': '1', '٢': '2', '٣': '3', '٤': '4', '٥': '5', '٦': '6', '٧': '7', '٨': '8', '٩': '9' };

export function packSizeOf(title: string): number {
  const text = title.replace(/[٠-٩]/g, (d) => DIGITS[d]!);
  const found = new Set<number>();
  for (const pattern of [AFTER, BEFORE]) for (const match of text.matchAll(pattern)) found.add(Number(match[1]));
  const times = TIMES_SIZE.exec(text);
  if (times) found.add(Number(times[1]));
  const arabic = ARABIC.exec(text);
  if (arabic) found.add(Number(arabic[1] ?? arabic[2]));
  const sizes = [...found].filter((n) => n >= 2 && n <= 500);
  return sizes.length === 1 ? sizes[0]! : 1;
}
