/** What is sold beside the plain thing: a better one, other terms of use, for another machine, in another language. */
export const QUALIFIER_KINDS = ['tier', 'terms', 'platform', 'language'] as const;
export type QualifierKind = (typeof QUALIFIER_KINDS)[number];

/** Each under one name; a name without other spellings stands alone. */
const SPELLINGS: Readonly<Record<QualifierKind, readonly string[]>> = {
  tier: [
    'standard std', 'pro prof professional profesional', 'deluxe dlx dlux delux', 'premium prem premier', 'basic basics', 'home', 'business biz', 'enterprise ent', 'ultimate', 'express xpress', 'lite', 'plus', 'platinum plat', 'gold', 'elite', 'starter', 'extended',
    'complete', 'personal', 'family', 'advanced', 'elements', 'essentials', 'collector collectors',
  ],
  terms: [
    'upgrade upg upgrd upgr upsell crossgrade', 'oem', 'academic acad student students teacher teachers edu education', 'government gov govt', 'nonprofit', 'renewal renew maintenance', 'license licence lic licenses licences', 'subscription', 'expansion addon', 'media', 'trial demo', 'refurbished refurb',
  ],
  platform: ['mac macintosh macos macosx osx', 'windows win pc xp vista', 'linux', 'solaris unix', 'ps2', 'ps3', 'ps4', 'ps5', 'xbox', 'wii', 'android', 'ios'],
  language: ['english eng engl anglais', 'spanish espanol', 'french fren francais', 'german deutsch', 'italian italiano', 'japanese', 'russian', 'chinese mandarin', 'portuguese', 'arabic arabe'],
};

const NAMES = new Map(QUALIFIER_KINDS.flatMap((kind) => SPELLINGS[kind].flatMap((line) => {
  const spellings = line.split(' ');
  return spellings.map((spelling) => [spelling, { kind, name: spellings[0]! }] as const);
})));

export type Qualifiers = Readonly<Record<QualifierKind, readonly string[]>>;

const NONE: Qualifiers = { tier: [], terms: [], platform: [], language: [] };

/** The names of a title's qualifiers, each once. @param tokens as `tokenise` leaves them. */
export function qualifiersOf(tokens: readonly string[]): Qualifiers {
  let found = NONE;
  for (const token of tokens) {
    const known = NAMES.get(token);
    if (known && !found[known.kind].includes(known.name)) found = { ...found, [known.kind]: [...found[known.kind], known.name] };
  }
  return found;
}

/** Not `i`, `v` and `x`: they are letters more often. */
const ROMAN: Readonly<Record<string, string>> = { ii: '2', iii: '3', iv: '4', vi: '6', vii: '7', viii: '8', ix: '9' };
const VERSION = /^(?:v|ver|cs|mk)?(\d{1,4}(?:\.\d+)*)$/;

/** Versions, volumes and years that a title names: `v7.0`, `VII` and `7` are one, `'06` is 2006. */
export function versionsOf(tokens: readonly string[]): string[] {
  const versions = new Set<string>();
  for (const token of tokens) {
    const number = VERSION.exec(ROMAN[token] ?? token)?.[1];
    if (number !== undefined) versions.add(/^0\d$/.test(number) ? `20${number}` : number.replace(/(?:\.0)+$/, ''));
  }
  return [...versions];
}

export const majorsOf = (versions: readonly string[]): string[] => [...new Set(versions.map((version) => version.split('.')[0]!))];
