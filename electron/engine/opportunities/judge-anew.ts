import { z } from 'zod';
import { convert, money, type Rate } from '#kernel/money.ts';
import type { Tx } from '#runtime/ports.ts';
import { queueAll } from './repo.ts';

const storedObject = z.record(z.string(), z.unknown());
const storedMinor = z.coerce.number().int();

/** A stored filter with its least profit, kept under `key` in minor units, converted; null where it has none. */
function converted(json: string, key: string, rate: Rate): string | null {
  const filter = storedObject.parse(JSON.parse(json));
  const minor = storedMinor.safeParse(filter[key]);
  return filter[key] !== undefined && minor.success ? JSON.stringify({ ...filter, [key]: convert(money(minor.data, rate.from), rate).minor }) : null;
}

/** Another home currency was chosen: what stands open was judged in the old one, and is withdrawn until it is judged anew. Saved views and alerts that name a least profit are converted. */
export async function judgeAnewInHome(tx: Tx, rate: Rate): Promise<void> {
  await tx.$executeRawUnsafe(`UPDATE "Opportunity" SET state = 'expired', version = version + 1 WHERE state = 'open'`);
  await queueAll(tx);
  for (const view of await tx.savedView.findMany({ where: { page: 'opportunities' } })) {
    const query = converted(view.query, 'profit', rate);
    if (query !== null) await tx.savedView.update({ where: { id: view.id }, data: { query } });
  }
  for (const alert of await tx.viewAlert.findMany()) {
    const filter = converted(alert.filter, 'minProfitMinor', rate);
    if (filter !== null) await tx.viewAlert.update({ where: { viewId: alert.viewId }, data: { filter } });
  }
}
