import { z } from 'zod';
import type { ProductReader } from '#scrapers/core/extract/ai-reader.ts';
import { ConnectorError } from '#kernel/errors.ts';
import type { Assistant } from '#engine/assistant/index.ts';
import type { IdentityJudgePort } from '#engine/catalog/ports.ts';
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

/**
 * Reads a page that nothing surer can read. What comes back is believed only as far as the page's own text bears it out: the scraper checks each value letter by letter.
 */
export function createPageReader(assistant: Assistant): ProductReader {
  return {
    extractProduct: async (text, schema, signal) => {
      const asked = await assistant.ask({
        purpose: 'extract', promptVersion: 'extract-1', schema, signal, timeoutMs: 20_000, maxOutputTokens: 300,
        instructions: '"page" is the text of one page of a shop. If it offers one product for sale, copy its name, brand, price as written with its currency (what one pays now), GTIN and availability from the text, letter for letter. null for what the text does not say, and everywhere if it offers no product or several.',
        data: { page: text },
      });
      return 'offline' in asked ? null : asked.value;
    },
  };
}

const judgedSchema = z.strictObject({ verdict: z.enum(['same', 'different', 'unsure']), why: z.string().trim().min(1).max(240) });

/**
 * A second look at a pair that the matcher is unsure of. It may rule a pair out or say why it looks the same; it never makes two things one: whoever writes an offer's title could tell the model
 * what to answer, so that a `same` stays a person's decision, with the model's reason beside it.
 */
export function createIdentityJudge(assistant: Assistant): IdentityJudgePort {
  return {
    version: 'match-1',
    judge: async (pair, options) => {
      const asked = await assistant.ask({
        purpose: 'match', promptVersion: 'match-1', schema: judgedSchema, signal: options?.signal, timeoutMs: 15_000, maxOutputTokens: 200,
        instructions: '"offer" and "product" each describe one thing for sale. Say whether they are the same product: same brand, model, variant, size, edition and number of pieces. verdict "unsure" where the texts leave it open. why: one plain sentence without numbers.',
        data: { offer: pair.offer, product: pair.product },
      });
      if ('offline' in asked) throw new ConnectorError({ kind: 'Rejected', connector: 'assistant', operation: 'judge identity', message: asked.offline.code });
      const { verdict: thinks, why } = asked.value;
      return thinks === 'same' ? { verdict: 'unsure', thinks, why } : { verdict: thinks, why };
    },
  };
}
