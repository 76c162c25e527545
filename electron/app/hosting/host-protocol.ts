import { z } from 'zod';
import { MOST_PRACTICE_SPEED } from './practice-clock.ts';

/**
 * How a host (the headless program, the Electron shell) and the engine talk about the engine's life, beside the ports that carry RPC.
 * host → engine: `serve` (with a port), `stop`. engine → host: `ready`, `restart`, `failed`, then its exit.
 */
export const hostMessageSchema = z.discriminatedUnion('kind', [z.strictObject({ kind: z.literal('serve') }), z.strictObject({ kind: z.literal('stop') })]);
export type HostMessage = z.infer<typeof hostMessageSchema>;

export const engineMessageSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ready') }),
  /** It ends now, and is to be started afresh: the person chose the other market. */
  z.strictObject({ kind: z.literal('restart') }),
  /** It cannot start, and would not on a second try: `message` is for the person. */
  z.strictObject({ kind: z.literal('failed'), message: z.string() }),
]);
export type EngineMessage = z.infer<typeof engineMessageSchema>;

/** What the engine is started with. */
export const engineInitSchema = z.strictObject({
  /** The program's data folder; each market has a folder of its own inside. */
  dataDir: z.string().min(1),
  version: z.string().min(1),
  /** The practice market of this seed, for this run; null: whichever market was chosen last. */
  seed: z.int().nullable(),
  /** How many times as fast as life the practice market goes from now on; absent: as last. */
  speed: z.int().min(1).max(MOST_PRACTICE_SPEED).optional(),
  /** The program's own files: resources, migrations. */
  rootDir: z.string().min(1),
  /** Where vendors reach the host; absent: they cannot. */
  publicUrl: z.string().optional(),
  /** Scripts of further threads, as file URLs; null: the source files, as they stand. */
  threads: z.strictObject({ practice: z.string(), reader: z.string().nullable(), priceList: z.string().nullable(), documents: z.string().nullable() }),
});
export type EngineInit = z.infer<typeof engineInitSchema>;
