import { z } from 'zod';
import type { Assistant } from '#engine/assistant/index.ts';
import type { PhrasePort } from '#engine/negotiation/ports.ts';

const LANGUAGES = { en: 'English', fr: 'French', ar: 'Arabic', sn: 'Shona' } as const;
const phraseSchema = z.strictObject({ text: z.string().trim().min(1).max(700) });

/** A talk's move in a model's words. The talk checks them as it checks any text, and uses its template when anything is wrong. */
export function createPhrases(assistant: Assistant): PhrasePort {
  return {
    phrase: async (request, signal) => {
      const asked = await assistant.ask({
        purpose: 'negotiate', promptVersion: 'phrase-1', schema: phraseSchema, signal, timeoutMs: 15_000, maxOutputTokens: 400,
        instructions: [
          'Say in other words what "template" says, as a friendly and honest private buyer would write it to a seller, in the language named by "language". Say nothing that it does not say.',
          'Where "amount" is given, write it once, exactly as it stands; write no other number. Call the good what "item" says. No pressure, no claims about other offers, no talk of limits, no link, no signature.',
        ].join(' '),
        data: { kind: request.kind, language: LANGUAGES[request.language], amount: request.amount, item: request.item, template: request.template },
      });
      return 'offline' in asked ? null : asked.value.text;
    },
  };
}
