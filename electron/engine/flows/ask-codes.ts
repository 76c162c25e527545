/** Codes of a price list on their way to the thread that looks them up, and what is known of them on its way back. */
import type { MessagePort } from 'node:worker_threads';
import { buffersOfAnswers, lookUpCodes, type CodeAnswers, type LookUpPorts } from '#engine/suppliers/index.ts';
import { messageOf } from '#kernel/errors.ts';

type Answer = { readonly kind: 'found'; readonly answers: CodeAnswers } | { readonly kind: 'failed'; readonly message: string };

/** The side that looks up, one question after the other, until the other side closes the port. */
export function answerCodes(port: MessagePort, ports: LookUpPorts): Promise<void> {
  port.on('message', (codes: Float64Array) => {
    try {
      const answers = lookUpCodes(ports, codes);
      port.postMessage({ kind: 'found', answers } satisfies Answer, buffersOfAnswers(answers));
    } catch (error) {
      port.postMessage({ kind: 'failed', message: messageOf(error) } satisfies Answer);
    }
  });
  return new Promise((resolve) => port.once('close', resolve));
}

/** The side that asks: one question at a time. A question throws what went wrong on the other side, or the signal's reason. */
export function askCodes(port: MessagePort, signal: AbortSignal): (codes: Float64Array<ArrayBuffer>) => Promise<CodeAnswers> {
  return (codes) => new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason as Error);
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    port.once('message', (answer: Answer) => {
      signal.removeEventListener('abort', stop);
      if (answer.kind === 'found') resolve(answer.answers);
      else reject(new Error(answer.message));
    });
    port.postMessage(codes, [codes.buffer]);
  });
}
