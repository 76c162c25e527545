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

/** The side that asks: one question at a time. A question throws what went wrong on the other side, or that it is gone. */
export function askCodes(port: MessagePort): (codes: Float64Array<ArrayBuffer>) => Promise<CodeAnswers> {
  let closed = false;
  port.once('close', () => (closed = true));
  return (codes) => new Promise((resolve, reject) => {
    const gone = () => reject(new Error('the look-up of codes stopped before its end'));
    if (closed) return gone();
    port.once('close', gone);
    port.once('message', (answer: Answer) => {
      port.off('close', gone);
      if (answer.kind === 'found') resolve(answer.answers);
      else reject(new Error(answer.message));
    });
    port.postMessage(codes, [codes.buffer]);
  });
}
