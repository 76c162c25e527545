import { startOfUtcDay, type Instant } from '#kernel/time.ts';
import type { Correspondence } from '../../negotiation/correspondence.ts';
import type { World } from '../../world/types.ts';
import { createHost, type VendorOptions, type VendorRequest, type VendorResponse, type VendorServer } from '../host.ts';

export const PRACTICE_TWILIO = { accountSid: `AC${'5'.repeat(32)}`, authToken: 'practice-twilio-token', number: '+15550100001' } as const;

interface Sms {
  readonly sid: string;
  readonly from: string;
  readonly to: string;
  readonly body: string;
  readonly inbound: boolean;
  readonly at: Instant;
}

export interface TwilioVendor extends VendorServer {
  /** What was sent: the effect that tests count. */
  readonly sent: readonly Sms[];
  /** An SMS from somebody's phone, such as "STOP". */
  text(from: string, body: string, at: Instant): void;
}

const refuse = (status: number, code: number, message: string): VendorResponse => ({ status, body: { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status } });
/** `Thu, 30 Jul 2015 20:12:31 +0000`. */
const rfc2822 = (at: Instant) => new Date(at).toUTCString().replace('GMT', '+0000');
const PREFIX = `/2010-04-01/Accounts/${PRACTICE_TWILIO.accountSid}`;

function render(sms: Sms) {
  return {
    account_sid: PRACTICE_TWILIO.accountSid, api_version: '2010-04-01', body: sms.body, date_created: rfc2822(sms.at), date_sent: rfc2822(sms.at), date_updated: rfc2822(sms.at), direction: sms.inbound ? 'inbound' : 'outbound-api', error_code: null, error_message: null,
    from: sms.from, messaging_service_sid: null, num_media: '0', num_segments: String(Math.max(1, Math.ceil(sms.body.length / 153))), price: null, price_unit: 'USD', sid: sms.sid, status: sms.inbound ? 'received' : 'sent', to: sms.to,
    subresource_uris: { media: `${PREFIX}/Messages/${sms.sid}/Media.json` }, uri: `${PREFIX}/Messages/${sms.sid}.json`,
  };
}

/** Twilio's Messages resource, with practice sellers behind the numbers. */
export function createTwilioVendor(world: World, correspondence: Correspondence, options: VendorOptions = {}): TwilioVendor {
  const all: Sms[] = [];
  const sent: Sms[] = [];
  const keep = (sms: Omit<Sms, 'sid'>): Sms => {
    const kept = { ...sms, sid: `SM${String(all.length + 1).padStart(32, '0')}` };
    all.push(kept);
    return kept;
  };
  function create(request: VendorRequest): VendorResponse {
    const form = request.form();
    const [to, from, body] = [form.get('To') ?? '', form.get('From') ?? '', form.get('Body') ?? ''];
    if (from !== PRACTICE_TWILIO.number) return refuse(400, 21606, `The 'From' phone number provided (${from}) is not a valid message-capable Twilio phone number for this destination/account.`);
    if (!/^\+[1-9]\d{6,14}$/.test(to)) return refuse(400, 21211, `Invalid 'To' Phone Number: ${to}`);
    if (body === '') return refuse(400, 21602, "Message body is required.");
    const sms = keep({ from, to, body, inbound: false, at: request.at });
    sent.push(sms);
    const answer = correspondence.hear(to, body, request.at);
    if (answer) keep({ from: to, to: from, body: answer.text, inbound: true, at: answer.at });
    return { status: 201, body: { ...render(sms), status: 'queued', date_sent: null } };
  }
  function list(request: VendorRequest): VendorResponse {
    const { query } = request;
    for (const text of correspondence.buyers('sms', request.at)) keep({ from: text.from, to: PRACTICE_TWILIO.number, body: text.text, inbound: true, at: text.at });
    const since = query.get('DateSent>') === null ? 0 : startOfUtcDay(Date.parse(query.get('DateSent>')!));
    const fits = all.filter((sms) => sms.at <= request.at && sms.at >= since && (query.get('To') ?? sms.to) === sms.to && (query.get('From') ?? sms.from) === sms.from).sort((a, b) => b.at - a.at || (a.sid < b.sid ? 1 : -1));
    const size = Math.min(1_000, Number(query.get('PageSize') ?? 50));
    const page = Number(query.get('Page') ?? 0);
    const uriOf = (n: number) => {
      const again = new URLSearchParams(query);
      again.set('Page', String(n));
      if (n > 0) again.set('PageToken', `PA${n}`);
      return `${PREFIX}/Messages.json?${again.toString()}`;
    };
    const shown = fits.slice(page * size, (page + 1) * size);
    const more = fits.length > (page + 1) * size;
    return { status: 200, body: { end: Math.max(0, page * size + shown.length - 1), first_page_uri: uriOf(0), next_page_uri: more ? uriOf(page + 1) : null, page, page_size: size, previous_page_uri: page === 0 ? null : uriOf(page - 1), start: page * size, uri: uriOf(page), messages: shown.map(render) } };
  }
  const basic = `Basic ${Buffer.from(`${PRACTICE_TWILIO.accountSid}:${PRACTICE_TWILIO.authToken}`).toString('base64')}`;
  const host = createHost({
    name: 'twilio', world, errorBody: (status, message) => refuse(status, status === 429 ? 20429 : 20404, message),
    before: (request) => (request.header('authorization') === basic ? null : refuse(401, 20003, 'Authenticate')),
    routes: [
      { method: 'POST', pattern: `${PREFIX}/Messages.json`, name: 'createMessage', handle: create },
      { method: 'GET', pattern: `${PREFIX}/Messages.json`, name: 'listMessages', handle: list },
    ],
  }, options);
  return Object.assign(host, { sent, text: (from: string, body: string, at: Instant) => void keep({ from, to: PRACTICE_TWILIO.number, body, inbound: true, at }) });
}
