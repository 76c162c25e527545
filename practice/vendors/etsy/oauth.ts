import { HOUR_MS, SECOND_MS, type Instant } from '#kernel/time.ts';
import type { VendorRequest, VendorResponse } from '../host.ts';

/** The practice account. Other keys and consents are refused. */
export const PRACTICE_ETSY = { keystring: 'practicekeystring0000000', sharedSecret: 'practicesecret', refreshToken: '4242.practice-refresh-token' } as const;
export const USER_ID = 4_242;

const wrong = (status: number, error: string, error_description: string): VendorResponse => ({ status, body: { error, error_description } });

/** Tokens issued, with their end. Forgotten at a restart. */
export class Tokens {
  readonly #until = new Map<string, Instant>();
  readonly #refresh = new Set<string>([PRACTICE_ETSY.refreshToken]);
  #count = 0;

  /** Each renewal hands out a new refresh token, as Etsy does. */
  issue(request: VendorRequest): VendorResponse {
    const form = request.form();
    if (form.get('grant_type') !== 'refresh_token') return wrong(400, 'unsupported_grant_type', 'The grant type is not supported');
    if (form.get('client_id') !== PRACTICE_ETSY.keystring) return wrong(401, 'invalid_client', 'The client is not known');
    if (!this.#refresh.has(form.get('refresh_token') ?? '')) return wrong(400, 'invalid_grant', 'The refresh token is not valid');
    const serial = `${request.at}-${++this.#count}`;
    const [access_token, refresh_token] = [`${USER_ID}.practice-${serial}`, `${USER_ID}.practice-refresh-${serial}`];
    this.#until.set(access_token, request.at + HOUR_MS);
    this.#refresh.add(refresh_token);
    return { status: 200, body: { access_token, token_type: 'Bearer', expires_in: HOUR_MS / SECOND_MS, refresh_token } };
  }

  check(request: VendorRequest): VendorResponse | null {
    if (request.header('x-api-key') !== `${PRACTICE_ETSY.keystring}:${PRACTICE_ETSY.sharedSecret}`) return wrong(403, 'invalid_api_key', 'The API key is not valid');
    const until = this.#until.get(request.header('authorization').replace(/^Bearer /, ''));
    return until !== undefined && request.at < until ? null : wrong(401, 'invalid_token', until === undefined ? 'The access token is not valid' : 'The access token has expired');
  }
}
