import { foldText } from '#kernel/fold-text.ts';
import type { ListingFacts } from './facts-port.ts';
import type { ChannelCondition } from './ports.ts';
import { saysNothingNew } from './text/clean-title.ts';

/** What a cut leaves hanging. */
const HANGING = /(?:[\s,;:|/&(+–—-]|\s(?:and|for|with|by|of|et|pour|avec|de|مع|من|و))+$/iu;

/** Whole words up to `length` characters; one word that is longer by itself is cut. A last part that was cut, and says nothing that was not said before it, goes whole. */
function fit(text: string, length: number): string {
  if (text.length <= length) return text;
  const cut = text.slice(0, length + 1);
  const end = cut.lastIndexOf(' ');
  const short = (end > length / 2 ? cut.slice(0, end) : text.slice(0, length)).replace(HANGING, '');
  const last = Math.max(...[' - ', ' – ', ' | ', ', '].map((gap) => short.lastIndexOf(gap)));
  return last > 0 && saysNothingNew(short.slice(last), short.slice(0, last)) ? short.slice(0, last) : short;
}

const squeezed = (text: string) => text.replace(/[\p{Cc}\p{Cf}<>]+/gu, ' ').replace(/\s+/gu, ' ').trim();
const mentions = (text: string, part: string) => foldText(text).includes(foldText(part));

/** What buyers of books, music and games look for by name, where a title has room: in this order. */
const SOUGHT = ['Author', 'Artist', 'Platform', 'Format'];

/** Brand, the product's own title, and where there is room what buyers look for and the part number. Nothing that is not a fact of the product. */
export function writeTitle(facts: ListingFacts, characters: number): string {
  const title = squeezed(facts.title);
  const brand = facts.brand === null ? '' : squeezed(facts.brand);
  const branded = brand === '' || mentions(title, brand) ? title : `${brand} ${title}`;
  const sought = SOUGHT.flatMap((name) => (facts.aspects[name]?.length === 1 ? facts.aspects[name] : [])).filter((value) => !/\d/.test(value));
  const parts = [...sought.map((value) => ({ gap: ', ', part: squeezed(value) })), { gap: ' ', part: squeezed(facts.mpn ?? '') }];
  const full = parts.reduce((text, { gap, part }) => (part === '' || mentions(text, part) || text.length + gap.length + part.length > characters ? text : text + gap + part), branded);
  return fit(full, characters);
}

const CONDITION_WORDS: Readonly<Record<ChannelCondition, string>> = {
  new: 'New', 'open-box': 'Open box', refurbished: 'Refurbished', 'used-like-new': 'Used, like new', 'used-very-good': 'Used, very good', 'used-good': 'Used, good',
  'used-acceptable': 'Used, acceptable', 'for-parts': 'For parts or not working',
};

const escaped = (text: string) => squeezed(text).replaceAll('&', '&amp;').replaceAll('"', '&quot;');

/** Title and a list of facts, as the little HTML that every channel permits. */
export function writeDescription(facts: ListingFacts, condition: ChannelCondition, characters: number): string {
  const items: [string, string][] = [['Condition', CONDITION_WORDS[condition]]];
  if (facts.brand !== null) items.push(['Brand', facts.brand]);
  if (facts.mpn !== null) items.push(['Part number', facts.mpn]);
  if (facts.gtins[0] !== undefined) items.push(['Product code (GTIN)', facts.gtins[0]]);
  for (const [name, values] of Object.entries(facts.aspects)) if (!['Brand', 'MPN'].includes(name) && values.length > 0) items.push([name, values.join(', ')]);
  const head = `<p>${escaped(facts.title)}</p>`;
  let list = '';
  for (const [name, value] of items) {
    const line = `<li>${escaped(name)}: ${escaped(value)}</li>`;
    if (head.length + list.length + line.length + 9 > characters) break;
    list += line;
  }
  return `${head}<ul>${list}</ul>`;
}

/** The channel's word for a source's; null where the source did not say, because a guess would be a claim. */
export function channelCondition(condition: string): ChannelCondition | null {
  const known: Readonly<Record<string, ChannelCondition>> = { new: 'new', refurbished: 'refurbished', used: 'used-good', damaged: 'for-parts' };
  return known[condition] ?? (condition in CONDITION_WORDS ? (condition as ChannelCondition) : null);
}
