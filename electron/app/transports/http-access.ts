import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** Why a request is refused, or null. */
export type Refusal = { readonly status: 401 | 403 | 421; readonly code: 'UNAUTHORIZED' | 'FOREIGN_ORIGIN' | 'FOREIGN_HOST'; readonly message: string };

const LOOPBACK_NAMES = ['127.0.0.1', 'localhost', '[::1]'];
const WILDCARD_ADDRESSES = new Set(['0.0.0.0', '::', '[::]']);
const digest = (text: string) => createHash('sha256').update(text).digest();

export interface AccessOptions {
  /** The text that REST clients send as `Authorization: Bearer`. */
  readonly apiToken: string;
  /** The address that the host is bound to. */
  readonly address: string;
  /** Further values of `Host` that are answered, such as `desk.example` behind a reverse proxy; exact, without scheme. */
  readonly allowedHosts: readonly string[];
}

/**
 * Who may talk to the host. A request must name the host by a name of its own (a page that rebinds its DNS name to 127.0.0.1 does not), must
 * not come from a page of another origin, and must carry the session cookie or the API token. Tokens are kept as digests only.
 */
export class HttpAccess {
  readonly #options: AccessOptions;
  readonly #apiToken: Buffer;
  readonly #oneTime = new Set<string>();
  readonly #sessions = new Set<string>();
  #port = 0;

  constructor(options: AccessOptions) {
    this.#options = options;
    this.#apiToken = digest(options.apiToken);
  }

  /** Cookies are shared by all ports of a host, so the name carries the port: two desks on one machine keep apart. */
  get cookieName(): string {
    return `resale_desk_${this.#port}`;
  }

  /** The port is known once the host listens. */
  listensOn(port: number): void {
    this.#port = port;
  }

  /** A token that opens one session, once. */
  issueOneTimeToken(): string {
    const token = randomBytes(32).toString('base64url');
    this.#oneTime.add(digest(token).toString('hex'));
    return token;
  }

  /** The session's secret for the cookie, or null when the token is unknown or was used before. */
  redeem(token: string): string | null {
    if (!this.#oneTime.delete(digest(token).toString('hex'))) return null;
    const session = randomBytes(32).toString('base64url');
    this.#sessions.add(digest(session).toString('hex'));
    return session;
  }

  /** Checks Host and Origin: what holds for every request, signed in or not. */
  checkPlace(headers: IncomingHttpHeaders, navigation: boolean): Refusal | null {
    const host = headers.host?.toLowerCase() ?? '';
    if (!this.#isOwnHost(host)) return { status: 421, code: 'FOREIGN_HOST', message: 'This desk does not answer to that host name.' };
    const { origin } = headers;
    if (origin !== undefined && !this.#isOwnOrigin(origin)) return { status: 403, code: 'FOREIGN_ORIGIN', message: 'Pages of another origin may not talk to this desk.' };
    const site = headers['sec-fetch-site'];
    if (!navigation && (site === 'cross-site' || site === 'same-site')) return { status: 403, code: 'FOREIGN_ORIGIN', message: 'Pages of another origin may not talk to this desk.' };
    return null;
  }

  /** Checks the session cookie or the bearer token. */
  checkCredentials(headers: IncomingHttpHeaders): Refusal | null {
    const { authorization } = headers;
    if (authorization !== undefined) {
      const [, token] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
      if (token !== undefined && timingSafeEqual(digest(token), this.#apiToken)) return null;
    } else {
      const session = readCookie(headers.cookie ?? '', this.cookieName);
      if (session !== null && this.#sessions.has(digest(session).toString('hex'))) return null;
    }
    return { status: 401, code: 'UNAUTHORIZED', message: 'Open the address that the desk printed when it started, or send the API token as a bearer token.' };
  }

  #isOwnHost(host: string): boolean {
    const { address, allowedHosts } = this.#options;
    const bound = WILDCARD_ADDRESSES.has(address) ? [] : [address.includes(':') && !address.startsWith('[') ? `[${address}]` : address];
    const names = [...LOOPBACK_NAMES, ...bound].flatMap((name) => [`${name}:${this.#port}`, ...(this.#port === 80 ? [name] : [])]);
    return names.includes(host) || allowedHosts.some((allowed) => host === allowed.toLowerCase() || host === `${allowed.toLowerCase()}:${this.#port}`);
  }

  #isOwnOrigin(origin: string): boolean {
    const [, scheme, host] = /^(https?):\/\/([^/]+)$/.exec(origin.toLowerCase()) ?? [];
    if (scheme === undefined || host === undefined) return false;
    return this.#isOwnHost(host) && (scheme === 'http' || this.#options.allowedHosts.some((allowed) => host.startsWith(allowed.toLowerCase())));
  }
}

function readCookie(header: string, name: string): string | null {
  for (const part of header.split(';')) {
    const [key, ...value] = part.trim().split('=');
    if (key === name) return value.join('=');
  }
  return null;
}
