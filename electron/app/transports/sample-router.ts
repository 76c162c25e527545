import { eventIterator, oc } from '@orpc/contract';
import { implement } from '@orpc/server';
import { z } from 'zod';
import { commonErrors } from '#contract/shared.ts';
import type { ServedRouter } from './served-router.ts';

/** A small contract with one procedure of each kind that a transport must carry; for tests of the transports alone. */
export const sampleContract = {
  sample: {
    greet: oc.route({ method: 'GET', path: '/greetings/{name}' }).input(z.strictObject({ name: z.string(), loud: z.coerce.number().int().default(0) })).output(z.strictObject({ text: z.string() })),
    store: oc.route({ method: 'POST', path: '/notes' }).errors(commonErrors).input(z.strictObject({ text: z.string() })).output(z.strictObject({ length: z.int() })),
    count: oc.route({ method: 'GET', path: '/count' }).input(z.strictObject({ to: z.coerce.number().int() })).output(eventIterator(z.strictObject({ n: z.int() }))),
    hang: oc.route({ method: 'POST', path: '/hang' }).output(z.strictObject({})),
    fail: oc.route({ method: 'POST', path: '/fail' }).output(z.strictObject({})),
  },
};
export type SampleContract = typeof sampleContract;

export interface SampleContext {
  /** What happened inside the procedures, in order. */
  readonly log: string[];
}

/** Waits until `signal` aborts; notes it. */
function untilAborted(signal: AbortSignal | undefined, log: string[], note: string): Promise<never> {
  return new Promise((_resolve, reject) => {
    const stop = () => {
      log.push(note);
      reject(signal?.reason as Error);
    };
    if (signal?.aborted) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
}

export function createSampleRouter(log: string[] = []): ServedRouter {
  const os = implement(sampleContract).$context<SampleContext>();
  const router = os.router({
    sample: {
      greet: os.sample.greet.handler(({ input }) => ({ text: input.loud > 0 ? `HELLO ${input.name}` : `hello ${input.name}` })),
      store: os.sample.store.handler(({ input, errors }) => {
        if (input.text === 'missing') throw errors.NOT_FOUND({ data: { kind: 'note', id: input.text } });
        return { length: input.text.length };
      }),
      /** Counts to `to`; a negative number counts on until the caller goes away. */
      count: os.sample.count.handler(async function* ({ input, context, signal }) {
        try {
          for (let n = 1; input.to < 0 || n <= input.to; n++) {
            if (signal?.aborted) return;
            yield { n };
            if (input.to < 0) await new Promise((resolve) => setTimeout(resolve, 5));
          }
        } finally {
          context.log.push('count ended');
        }
      }),
      hang: os.sample.hang.handler(({ context, signal }) => {
        context.log.push('hang started');
        return untilAborted(signal, context.log, 'hang aborted');
      }),
      fail: os.sample.fail.handler(() => {
        throw new Error('disk on fire at /secret/place');
      }),
    },
  });
  return { router, context: { log } };
}
