import { SECOND_MS, type Instant } from '#kernel/time.ts';
import type { VendorRequest, VendorResponse } from '../host.ts';
import { refuse } from './errors.ts';

/** The practice account. Other secrets and refresh tokens are refused. */
export const PRACTICE_EBAY = { clientId: 'practice-app-id', clientSecret: 'PRD-practice-cert-id', refreshToken: 'v^1.1#practice-refresh-token' } as const;

const LIFE_SECONDS = 7_200;
const EXPECTED_BASIC = `Basic ${Buffer.from(`${PRACTICE_EBAY.clientId}:${PRACTICE_EBAY.clientSecret}`).toString('base64')}`;

const wrongGrant = (status: number, error: string, error_description: string): VendorResponse => ({ status, body: { error, error_description } });

/** Tokens issued, with their end and whether they act for the seller. Forgotten at a restart. */
export class Tokens {
  readonly #issued = new Map<string, { readonly until: Instant; readonly seller: boolean }>();
  #count = 0;

  issue(request: VendorRequest): VendorResponse {
    if (request.header('authorization') !== EXPECTED_BASIC) return wrongGrant(401, 'invalid_client', 'client authentication failed');
    const form = request.form();
    const grant = form.get('grant_type');
    if (grant !== 'refresh_token' && grant !== 'client_credentials') return wrongGrant(400, 'unsupported_grant_type', 'grant type in request is not supported by the authorization server');
    if (grant === 'refresh_token' && form.get('refresh_token') !== PRACTICE_EBAY.refreshToken) return wrongGrant(400, 'invalid_grant', 'the provided authorization refresh token is invalid or was issued to another client');
    const token = `v^1.1#practice-${request.at}-${++this.#count}`;
    this.#issued.set(token, { until: request.at + LIFE_SECONDS * SECOND_MS, seller: grant === 'refresh_token' });
    return { status: 200, body: { access_token: token, expires_in: LIFE_SECONDS, token_type: grant === 'refresh_token' ? 'User Access Token' : 'Application Access Token' } };
  }

  /** Every seller API wants a token that acts for the seller; public data are given to the application's own. */
  check(request: VendorRequest, whose: 'seller' | 'anyone' = 'seller'): VendorResponse | null {
    // the Post-Order API takes the same token under a scheme of its own
    const scheme = request.path.startsWith('/post-order/') ? 'IAF' : 'Bearer';
    const [said, token = ''] = request.header('authorization').split(' ');
    const held = said === scheme ? this.#issued.get(token) : undefined;
    if (!held) return refuse(401, { errorId: 1001, domain: 'OAuth', message: 'Invalid access token. Check the value of the Authorization HTTP request header.' });
    if (request.at >= held.until) return refuse(401, { errorId: 1002, domain: 'OAuth', message: 'The access token has expired.' });
    return held.seller || whose === 'anyone' ? null : refuse(403, { errorId: 1100, domain: 'ACCESS', message: 'Insufficient permissions to fulfill the request.' });
  }
}
