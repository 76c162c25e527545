import type { VendorResponse } from '../host.ts';

/** Amazon's body of a refusal. */
export function refusal(status: number, code: string, message: string): VendorResponse {
  return { status, headers: { 'x-amzn-RequestId': `practice-${code}` }, body: { errors: [{ code, message, details: '' }] } };
}

export const invalid = (message: string): VendorResponse => refusal(400, 'InvalidInput', message);
