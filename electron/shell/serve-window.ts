import { readFile } from 'node:fs/promises';
import { contentSecurityPolicyText } from '#app/transports/security-headers.ts';
import { fileBehind } from './app-address.ts';

/** Answers the window's requests for its own files. */
export function createWindowServer(rendererDir: string): (request: { readonly url: string; readonly method: string }) => Promise<Response> {
  const headers = {
    'content-security-policy': contentSecurityPolicyText(), 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'x-frame-options': 'DENY',
    'cross-origin-opener-policy': 'same-origin', 'cross-origin-resource-policy': 'same-origin', 'cache-control': 'no-cache',
  };
  return async ({ url, method }) => {
    if (method !== 'GET' && method !== 'HEAD') return new Response(null, { status: 405, headers });
    const found = fileBehind(url, rendererDir);
    if (!found) return new Response('There is nothing at this address.', { status: 404, headers });
    try {
      const body = new Uint8Array(await readFile(found.file));
      return new Response(method === 'HEAD' ? null : body, { status: 200, headers: { ...headers, 'content-type': found.type } });
    } catch {
      return new Response('There is nothing at this address.', { status: 404, headers });
    }
  };
}
