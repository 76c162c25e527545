/** Takes payers' phone numbers from where an older program left them in the open: provider handles, the names that payments go by, and kept steps of workflows. Safe to repeat. */
import { z } from 'zod';
import type { EngineContext } from '#runtime/ports.ts';
import { handleSchema } from './payment.ts';

const FIELD = 'msisdn';
const outputSchema = z.looseObject({ handle: handleSchema });

/** Payments keep the number sealed in a column of its own. @returns payments that were mended. */
export async function forgetPhones({ db }: Pick<EngineContext, 'db'>): Promise<number> {
  const found = await db.prisma.payment.findMany({ where: { handle: { contains: `"${FIELD}"` } }, select: { id: true, provider: true, handle: true } });
  if (found.length === 0) return 0;
  await db.transaction(async (tx) => {
    await tx.$queryRawUnsafe('PRAGMA secure_delete = ON');
    for (const row of found) {
      const { [FIELD]: phone, ...handle } = handleSchema.parse(JSON.parse(row.handle));
      if (phone !== undefined) await tx.paymentAlias.deleteMany({ where: { provider: row.provider, value: phone } });
      await tx.payment.update({ where: { id: row.id }, data: { handle: JSON.stringify(handle) } });
    }
    for (const step of await tx.workflowStep.findMany({ where: { output: { contains: `"${FIELD}"` } }, select: { workflowId: true, name: true, output: true } })) {
      const output = outputSchema.safeParse(JSON.parse(step.output!));
      if (!output.success) continue;
      const { [FIELD]: _phone, ...handle } = output.data.handle;
      await tx.workflowStep.update({ where: { workflowId_name: { workflowId: step.workflowId, name: step.name } }, data: { output: JSON.stringify({ ...output.data, handle }) } });
    }
  });
  await db.prisma.$queryRawUnsafe('PRAGMA wal_checkpoint(TRUNCATE)');
  return found.length;
}
