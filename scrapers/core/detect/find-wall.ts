/** What stands between a program and the pages: a sign-in, or a check that turns programs away. */
export type Wall = 'sign-in' | 'bot-wall';

/** What the usual services that tell people from programs put into the page that they show instead of it. */
const CHALLENGE = /\/cdn-cgi\/challenge-platform\/|\bcf-(?:browser-verification|challenge)|<title>\s*(?:just a moment|attention required|un instant|access denied|pardon our interruption|are you a robot)|\b_Incapsula_Resource\b|captcha-delivery\.com|\bpx-captcha\b|_abck\b[^<]{0,200}akamai|verif(?:y|ying) (?:that )?you are (?:a )?human|(?:g-recaptcha|h-captcha|cf-turnstile)["'\s][\s\S]{0,2000}(?:robot|human|humain)/i;
/** Letters that a page of goods has, and one that only turns people round has not. */
const FEW = 1_500;

const wordsOf = (html: string) => html.replace(/<(script|style|noscript|template)\b[\s\S]*?<\/\1\s*>/gi, ' ').replace(/<[^>]{0,5000}>/g, ' ').replace(/\s+/g, ' ');

/** @param page what the site showed, whatever its status. Null where nothing speaks for a wall: a shop may have a sign-in beside its goods. */
export function findWall({ html, headers = {} }: { readonly html: string; readonly headers?: Readonly<Record<string, string>> }): Wall | null {
  const head = html.slice(0, 200_000);
  if ('cf-mitigated' in headers || CHALLENGE.test(head)) return 'bot-wall';
  return /<input\b[^>]{0,500}\btype\s*=\s*["']?password/i.test(head) && wordsOf(head).length < FEW ? 'sign-in' : null;
}
