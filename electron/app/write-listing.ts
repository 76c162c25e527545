import { z } from 'zod';
import type { Assistant } from '#engine/assistant/index.ts';
import type { ListingWriterPort } from '#engine/listings/index.ts';

const LANGUAGES = { en: 'English', fr: 'French', ar: 'Arabic' } as const;
const line = z.string().trim().min(1).max(400);
const writtenSchema = z.strictObject({ title: z.string().trim().min(1).max(200), lines: z.array(line).max(20), bullets: z.array(line).max(8) });

/** Facts in a model's sentences. Each is traced to a fact afterwards: what the model adds is left out. */
export function createListingWriter(assistant: Assistant): ListingWriterPort {
  return {
    whyNot: () => assistant.whyNot('describe'),
    write: async (asked, signal) => {
      const answer = await assistant.ask({
        purpose: 'describe', promptVersion: 'describe-1', schema: writtenSchema, signal, subject: asked.listingId, maxOutputTokens: 900,
        instructions: [
          'Write the words of a listing in the language named by "language", from "facts" and nothing else. Plain short sentences, one fact or two each. Copy names, numbers with their units, models and values exactly as they stand.',
          `Add no adjective, no use, no benefit, no warranty, no origin, no compatibility, no contents, no shipping, nothing that is not in the facts. Title at most "titleCharacters" characters, at most "bullets" bullets of "bulletCharacters" characters.`,
        ].join(' '),
        data: { language: LANGUAGES[asked.language], facts: asked.facts, titleCharacters: asked.limits.title, bullets: asked.limits.bullets, bulletCharacters: asked.limits.bulletCharacters, example: asked.template },
      });
      return 'offline' in answer ? { offline: answer.offline } : { ...answer.value, conditionNote: '' };
    },
  };
}
