/** What a site shows in place of its pages: a sign-in, a check that turns programs away, or nothing that was ever a shop. In plain words, with what to do next. */
import { ConnectorError } from '#kernel/errors.ts';
import { wordsBetweenTags } from './find-shell.ts';

export type StandInCode = 'sign-in' | 'bot-wall' | 'no-shop' | 'no-page';
export interface StandIn {
  readonly code: StandInCode;
  readonly message: string;
}
export interface ShownPage {
  readonly html: string;
  /** After redirects. */
  readonly url?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Where sites send those who are not signed in. */
export const SIGN_IN_PATH = /\/(?:log-?in|sign-?in|connexion|auth|authentification|customer\/account\/login|account\/login|identification)(?:[/.]|$)/i;

const BOT_WALL: StandIn = { code: 'bot-wall', message: 'It asks for proof that a person looks. The desk does not work around that: ask the site for an interface or a price list.' };
export const SIGN_IN: StandIn = { code: 'sign-in', message: 'Its page is a sign-in. Add it anyway, then keep a sign-in of your own for it in its panel.' };
const PASSWORD: StandIn = { code: 'no-shop', message: 'It is not open to the public, and asks for a password of its own. Look again when it has opened.' };
const PARKED: StandIn = { code: 'no-shop', message: 'The address is parked or for sale. Check its spelling, or find out where the shop has moved.' };
const BARE: StandIn = { code: 'no-shop', message: 'Its server shows the page that it came with, or says that the account is closed. Check the address with the shop.' };
const NOT_OPEN: StandIn = { code: 'no-shop', message: 'Its page says that the shop is not open: it is being built or worked on. Look again later.' };
const noPage = (type: string): StandIn => ({ code: 'no-page', message: `It gives a file (${type}). Paste the address of the shop's front page; a price list is imported under Price lists.` });

/** What the usual services that tell people from programs put into the page that they show instead of it. */
const CHALLENGE = /\/cdn-cgi\/challenge-platform\/(?!(?:h\/[a-z]\/)?scripts\/)|\bcf-(?:browser-verification|challenge)|<title[^>]{0,100}>\s*(?:just a moment|attention required|un instant|access denied|pardon our interruption|are you a robot|robot check|bot verification|ddos-guard|checking your browser|security check|human verification)|\b_Incapsula_Resource\b|captcha-delivery\.com|\bpx-captcha\b|_abck\b[^<]{0,200}akamai|\bvalidateCaptcha\b|verif(?:y|ying) (?:that )?you are (?:a )?human|(?:g-recaptcha|h-captcha|cf-turnstile)["'\s][\s\S]{0,2000}(?:robot|human|humain)/i;
/** The services that hold names nobody uses, and what they write. */
const FOR_SALE = /sedoparking|parkingcrew\.net|\bbodis\.com|\bparklogic|hugedomains\.com|\bafternic\.com|\bdan\.com\/buy|\bwindow\.park\s*=|\b(?:this )?domain(?: name)? (?:is|may be) for sale|\bbuy this domain\b|\bthis (?:domain|page|site|web ?page) is parked|\bdomain (?:is )?parked|\bparked (?:free|domain)|this domain has (?:expired|been registered)|diese domain steht zum verkauf|ce (?:nom de )?domaine est (?:à vendre|en vente)|este dominio está en venta/i;
const SERVER_PAGE = /<title[^>]{0,100}>\s*(?:welcome to nginx|apache2? [^<]{0,40}default page|iis windows|default web site page|index of \/|account suspended|test page for)|<h1>\s*it works!?\s*<\/h1>/i;
const BUILT_LATER = /<(?:title|h1)\b[^<>]{0,200}>[^<]{0,60}\b(?:coming soon|opening soon|launching soon|under construction|under maintenance|maintenance mode|down for maintenance|be right back|site en construction|bientôt disponible|ouverture prochaine|en mantenimiento|próximamente|im aufbau|wartungsarbeiten|wartungsmodus)/i;
/** Letters that a page of goods has, and one that only turns people round has not. */
const FEW = 1_500;
/** Of a page's characters. */
const MOST_READ = 200_000;
const PAGE_TYPE = /html|xml|^text\/plain/i;

const hasFewWords = (head: string): boolean => wordsBetweenTags(head).replace(/\s+/g, ' ').length < FEW;

/** A check that turns programs away, whatever the answer's status. The services that show one put scripts of theirs into a site's own pages too, which have words. */
export function isBotWall({ html, headers = {} }: ShownPage): boolean {
  const head = html.slice(0, MOST_READ);
  return 'cf-mitigated' in headers || (CHALLENGE.test(head) && hasFewWords(head));
}

/** Null where nothing speaks for one: a shop may have a sign-in beside its goods. */
export function findStandIn(page: ShownPage): StandIn | null {
  const head = page.html.slice(0, MOST_READ);
  const type = page.headers?.['content-type']?.split(';')[0]?.trim() ?? '';
  if (type !== '' && !PAGE_TYPE.test(type)) return noPage(type);
  if (isBotWall(page)) return BOT_WALL;
  if (!hasFewWords(head)) return null;
  const path = page.url === undefined ? '' : new URL(page.url).pathname;
  if (/<input\b[^<>]{0,500}\btype\s*=\s*["']?password/i.test(head)) return path === '/password' ? PASSWORD : SIGN_IN;
  if (SIGN_IN_PATH.test(path)) return SIGN_IN;
  if (FOR_SALE.test(head)) return PARKED;
  if (SERVER_PAGE.test(head)) return BARE;
  return BUILT_LATER.test(head) ? NOT_OPEN : null;
}

/** As the failure of a scan: nothing of the site can be read while that stands there. */
export function standInError({ code, message }: StandIn, during: { readonly connector: string; readonly operation: string; readonly page?: string | undefined }): ConnectorError {
  if (code === 'sign-in') return new ConnectorError({ ...during, kind: 'SessionLost', code: STAND_IN, message: 'the site asks for a sign-in: keep a sign-in of your own for it in its panel' });
  return new ConnectorError({ ...during, kind: code === 'bot-wall' ? 'Rejected' : 'Critical', code: STAND_IN, message: message.charAt(0).toLowerCase() + message.slice(1) });
}
export const STAND_IN = 'STAND_IN';
