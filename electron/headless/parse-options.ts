import { parseArgs } from 'node:util';
import { MOST_PRACTICE_SPEED } from '#app/hosting/practice-clock.ts';

export interface HeadlessOptions {
  /** Null: the program's usual port, or a free one where that is taken. */
  readonly port: number | null;
  readonly address: string;
  readonly allowedHosts: readonly string[];
  /** Where the world reaches this host through a proxy, without a slash at the end; null: nobody does. */
  readonly publicUrl: string | null;
  /** Null: the platform's own place. */
  readonly dataDir: string | null;
  /** Null: the data folder's own. */
  readonly seed: number | null;
  /** Virtual for real time in the practice market; null: as last. */
  readonly speed: number | null;
  readonly open: boolean;
}

/** An option that cannot be meant; the message is for the person. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

function wholeNumber(name: string, text: string, [low, high]: readonly [number, number]): number {
  const value = Number(text);
  if (!/^-?\d+$/.test(text) || value < low || value > high) throw new UsageError(`--${name} takes a whole number from ${low} to ${high}, not ${JSON.stringify(text)}`);
  return value;
}

/** Notices carry signatures and are about money: over TLS, at the root of a host of its own. */
function publicAddress(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol !== 'https:' || url.pathname !== '/' || url.search !== '' || url.hash !== '' || url.username !== '') throw new UsageError(`--public-url takes the address at which vendors reach this host, such as https://desk.example, not ${JSON.stringify(text)}`);
  return url.origin;
}

/** @throws UsageError */
export function parseOptions(args: readonly string[], env: Readonly<Record<string, string | undefined>>): HeadlessOptions {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        'allow-host': { type: 'string', multiple: true },
        'public-url': { type: 'string' },
        data: { type: 'string' },
        practice: { type: 'string' },
        'practice-speed': { type: 'string' },
        'no-open': { type: 'boolean' },
        headless: { type: 'boolean' },
      },
    });
    if (values.data?.trim() === '') throw new UsageError('--data takes the path of a folder');
    return {
      port: values.port === undefined ? null : wholeNumber('port', values.port, [0, 65_535]),
      address: values.host ?? '127.0.0.1',
      allowedHosts: values['allow-host'] ?? [],
      publicUrl: values['public-url'] === undefined ? null : publicAddress(values['public-url']),
      dataDir: values.data ?? null,
      seed: values.practice === undefined ? null : wholeNumber('practice', values.practice, [0, 2_147_483_647]),
      speed: values['practice-speed'] === undefined ? null : wholeNumber('practice-speed', values['practice-speed'], [1, MOST_PRACTICE_SPEED]),
      open: !values['no-open'] && !env['CI'],
    };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
