/** Cookies of one signed-in source (RFC 6265): kept between requests and between starts, sent only where they belong. */
import { isIP } from 'node:net';
import { z } from 'zod';
import type { Instant } from '#kernel/time.ts';

const cookieSchema = z.strictObject({
  name: z.string(), value: z.string(), domain: z.string(), hostOnly: z.boolean(), path: z.string(), secure: z.boolean(),
  /** Null: for as long as the session lasts, which is until the person signs out. */
  expiresAt: z.number().nullable(),
});
type Cookie = z.infer<typeof cookieSchema>;
const MOST_COOKIES = 200;
const MOST_BYTES = 8_192;

/** Suffixes under which strangers register names: a cookie for them would be for everybody. The common ones; hosts get their own cookies in any case. */
const PUBLIC_SUFFIX = /^(?:[^.]+|(?:co|com|net|org|gov|edu|ac|gob|nom)\.[a-z]{2}|github\.io|myshopify\.com|pages\.dev|vercel\.app|netlify\.app|herokuapp\.com|blogspot\.com)$/;

export class CookieJar {
  #cookies: Cookie[];
  constructor(cookies: readonly Cookie[] = []) {
    this.#cookies = [...cookies];
  }

  /** @param text what `toText` gave; a text of another kind is an empty jar. */
  static fromText(text: string | null): CookieJar {
    try {
      const parsed = z.array(cookieSchema).safeParse(JSON.parse(text ?? '[]'));
      return new CookieJar(parsed.success ? parsed.data : []);
    } catch {
      return new CookieJar();
    }
  }

  /** What a person copied from the browser's developer tools: `name=value; name=value`, as sent to this address. */
  static fromHeader(header: string, url: string): CookieJar {
    const { hostname } = new URL(url);
    const cookies = header.replace(/^cookie:\s*/i, '').split(';').map((part) => /^\s*([^=\s]+)=(.*?)\s*$/.exec(part)).filter((m) => m !== null);
    return new CookieJar(cookies.map((m) => ({ name: m[1] ?? '', value: m[2] ?? '', domain: hostname, hostOnly: false, path: '/', secure: url.startsWith('https:'), expiresAt: null })));
  }

  get isEmpty(): boolean {
    return this.#cookies.length === 0;
  }
  toText(): string {
    return JSON.stringify(this.#cookies);
  }

  /** For the `cookie` header; null where none belongs. */
  headerFor(url: string, now: Instant): string | null {
    const { hostname, pathname, protocol } = new URL(url);
    const fitting = this.#cookies.filter((c) => (c.expiresAt === null || c.expiresAt > now) && (!c.secure || protocol === 'https:') && matchesHost(hostname, c) && matchesPath(pathname, c.path));
    return fitting.length === 0 ? null : fitting.toSorted((a, b) => b.path.length - a.path.length).map((c) => `${c.name}=${c.value}`).join('; ');
  }

  /** Takes what an answer set. True when the jar is another than before. */
  store(url: string, setCookies: readonly string[], now: Instant): boolean {
    const before = this.toText();
    for (const header of setCookies) {
      const cookie = readSetCookie(header, new URL(url), now);
      if (!cookie) continue;
      this.#cookies = this.#cookies.filter((c) => c.name !== cookie.name || c.domain !== cookie.domain || c.path !== cookie.path);
      if (cookie.expiresAt === null || cookie.expiresAt > now) this.#cookies.push(cookie);
    }
    this.#cookies = this.#cookies.slice(-MOST_COOKIES);
    return this.toText() !== before;
  }
}

const matchesHost = (host: string, { domain, hostOnly }: Cookie) => host === domain || (!hostOnly && isIP(host) === 0 && host.endsWith(`.${domain}`));
const matchesPath = (path: string, cookiePath: string) => path === cookiePath || (path.startsWith(cookiePath) && (cookiePath.endsWith('/') || path[cookiePath.length] === '/'));

function readSetCookie(header: string, url: URL, now: Instant): Cookie | null {
  const [pair = '', ...rest] = header.slice(0, MOST_BYTES).split(';');
  const at = pair.indexOf('=');
  const name = pair.slice(0, at).trim();
  if (at <= 0 || name === '' || /[\r\n]/.test(pair)) return null;
  const attributes = new Map(rest.map((part) => {
    const eq = part.indexOf('=');
    return [(eq < 0 ? part : part.slice(0, eq)).trim().toLowerCase(), eq < 0 ? '' : part.slice(eq + 1).trim()] as const;
  }));
  const domain = attributes.get('domain')?.toLowerCase().replace(/^\./, '') ?? '';
  // A cookie for somebody else's domain is refused, not narrowed.
  if (domain !== '' && domain !== url.hostname && (isIP(url.hostname) !== 0 || !url.hostname.endsWith(`.${domain}`) || PUBLIC_SUFFIX.test(domain))) return null;
  const path = attributes.get('path') ?? '';
  const maxAge = attributes.get('max-age');
  const expires = Date.parse(attributes.get('expires') ?? '');
  const expiresAt = maxAge !== undefined && /^-?\d+$/.test(maxAge) ? now + Number(maxAge) * 1_000 : Number.isNaN(expires) ? null : expires;
  return {
    name, value: pair.slice(at + 1).trim(), domain: domain === '' ? url.hostname : domain, hostOnly: domain === '', path: path.startsWith('/') ? path : defaultPath(url.pathname),
    secure: attributes.has('secure'), expiresAt,
  };
}

function defaultPath(pathname: string): string {
  const at = pathname.lastIndexOf('/');
  return at <= 0 ? '/' : pathname.slice(0, at);
}

/** Where the jars of signed-in sources are kept: the secret store. */
export interface SessionStore {
  /** The jar of that name; an empty one where nothing is kept. The same object every time. */
  open(name: string): Promise<CookieJar>;
  save(name: string, jar: CookieJar): Promise<void>;
}
