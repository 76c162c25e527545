/** What stands around a page's JSON as a whole: an encoding too many, or a program that gives it a name. */

const ENTITIES: Readonly<Record<string, string>> = { quot: '"', apos: "'", amp: '&', lt: '<', gt: '>', '34': '"', '39': "'", x22: '"', x27: "'" };
const ENTITY = /&(?:(quot|apos|amp|lt|gt)|#0*(34|39)|#(x)0*(22|27));/gi;
/** Quotes as an entity where JSON needs them: behind the first bracket, or before a colon. */
const QUOTES_ESCAPED = /^(?:<!--|\/\/)?(?:\s*[\w$.]+\s*=)?[[{\s]*&(?:amp;)?(?:quot|apos|#0*3[49]|#x0*2[27]);/i;

/** Some templates escape the script's text as if it were an attribute, a few of them twice. */
export function unescapeEntities(text: string): string {
  let out = text;
  for (let round = 0; round < 2 && QUOTES_ESCAPED.test(out); round++) {
    out = out.replace(ENTITY, (_, name?: string, decimal?: string, x?: string, hex?: string) => ENTITIES[name?.toLowerCase() ?? decimal ?? `${x?.toLowerCase()}${hex}`] as string);
  }
  return out;
}

/** `{\"name\":…}`: the inside of a text that holds JSON, without the quotes around it. Null where it is none. */
export function unescapeQuotes(text: string): string | null {
  if (!/^(?:[[{\s]|\\[nrt])*\\"/.test(text)) return null;
  try {
    return JSON.parse(`"${text.replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t')}"`) as string;
  } catch {
    return null;
  }
}

/** The text inside a JSON text that itself holds an object or a list of them; null for any other value. */
export function decodeOnce(value: unknown): string | null {
  return typeof value === 'string' && /^\s*(?:"\s*\\*)*(?:\{\s*\\*["'\w]|\[\s*\{)/.test(value) ? value : null;
}

const ASSIGNMENT = /^(?:\/\/[^\n]*\n\s*)?(?:(?:var|let|const)\s+)?[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*|\[\s*(?:"[^"\n]{1,80}"|'[^'\n]{1,80}')\s*\])*\s*=\s*(?=[({[])/;

/** What a program gives a name to (`var p = {…};`), or wraps in brackets (`({…})`); null where it does neither. */
export function withoutAssignment(text: string): string | null {
  const head = ASSIGNMENT.exec(text)?.[0] ?? '';
  const rest = text.slice(head.length);
  const bracket = /^\(\s*(?=[{[])/.exec(rest)?.[0] ?? '';
  return head === '' && bracket === '' ? null : rest.slice(bracket.length);
}
