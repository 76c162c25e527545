import { buildDesk, chromiumFound } from './harness.ts';

/** Once before all files, which run beside each other. */
export default async function setup(): Promise<void> {
  if (chromiumFound) await buildDesk();
}
