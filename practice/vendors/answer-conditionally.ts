import type { Instant } from '#kernel/time.ts';
import type { VendorRequest, VendorResponse } from './host.ts';

/** Answers 304 where the client's copy is still good, by ETag first and by date otherwise (RFC 9110, section 13). */
export function conditional(request: VendorRequest, answer: { body: string | Uint8Array; type: string; etag: string; changedAt: Instant }): VendorResponse {
  const second = Math.floor(answer.changedAt / 1_000) * 1_000;
  const headers = { 'Content-Type': answer.type, ETag: answer.etag, 'Last-Modified': new Date(second).toUTCString(), 'Cache-Control': 'max-age=0, must-revalidate' };
  const tags = request.header('if-none-match');
  const since = Date.parse(request.header('if-modified-since'));
  const fresh = tags ? tags.split(',').some((tag) => tag.trim() === answer.etag || tag.trim() === '*') : Number.isFinite(since) && second <= since;
  return fresh ? { status: 304, headers } : { status: 200, headers, body: answer.body };
}
