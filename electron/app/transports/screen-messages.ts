import { onMessagePortClose, onMessagePortMessage, postMessagePortMessage } from '@orpc/client/message-port';
import type { SupportedMessagePort } from '@orpc/client/message-port';
import { z } from 'zod';
import type { Logger } from '#kernel/log.ts';

const id = z.union([z.string().max(64), z.number()]);
/** What the peer's protocol sends to a server, as text: a request, an event of a stream, the end of either. Bytes come with files alone, which no procedure takes. */
const messageSchema = z.union([
  z.object({ i: id, t: z.literal(4) }),
  z.object({ i: id, t: z.literal(3), p: z.object({ e: z.enum(['message', 'error', 'done']) }) }),
  z.object({
    i: id, t: z.literal(1).optional(),
    p: z.object({
      u: z.string().refine((url) => URL.canParse(url, 'http://engine/')), m: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).optional(),
      h: z.record(z.string(), z.union([z.string(), z.array(z.string())])).refine((headers) => !isForm(headers)).optional(), b: z.unknown().optional(),
    }),
  }),
]);

/** A form is read by a parser that throws where nobody listens. */
function isForm(headers: Readonly<Record<string, string | readonly string[]>>): boolean {
  return Object.entries(headers).some(([name, value]) => name.toLowerCase() === 'content-type' && String(value).trim().toLowerCase().startsWith('multipart/'));
}

function isMessage(data: unknown): boolean {
  if (typeof data !== 'string') return false;
  try {
    return messageSchema.safeParse(JSON.parse(data)).success;
  } catch {
    return false;
  }
}

/**
 * The same port, without what breaks the protocol: the library decodes a message in a promise that nobody holds, so that one of garbage would end the engine. It is
 * dropped, as nothing in it can be answered; the log tells of the first of a port.
 */
export function screenMessages(port: SupportedMessagePort, logger: Logger): SupportedMessagePort {
  let told = false;
  return {
    addEventListener(type: string, listener: (event: { readonly data: unknown }) => void) {
      if (type === 'close') return onMessagePortClose(port, () => listener({ data: null }));
      if (type !== 'message') return;
      onMessagePortMessage(port, (data: unknown) => {
        if (isMessage(data)) return listener({ data });
        if (!told) logger.warn('a message that breaks the protocol was dropped', { kind: typeof data, bytes: typeof data === 'string' ? data.length : null });
        told = true;
      });
    },
    postMessage: (data: unknown, transfer?: unknown[]) => postMessagePortMessage(port, data, transfer),
  } as SupportedMessagePort;
}
