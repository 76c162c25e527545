import { oc } from '@orpc/contract';
import { z } from 'zod';
import { commonErrors, instantSchema } from './shared.ts';

/** What a person can be told of beside the window, by what it is about. */
export const noticeGroup = z.enum(['orders', 'customers', 'purchases', 'stock', 'watch', 'desk']);
export type NoticeGroup = z.infer<typeof noticeGroup>;

const minute = z.int().min(0).max(1_439);
const isZone = (name: string) => { try { return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''; } catch { return false; } };
export const noticeRules = z.strictObject({
  /** To every linked chat. */
  telegram: z.boolean(), mail: z.boolean(), mailTo: z.union([z.literal(''), z.email().max(200)]), about: z.array(noticeGroup),
  /** Minutes after midnight in `timeZone`; equal ones: never quiet. */
  quietFromMinute: minute, quietToMinute: minute, timeZone: z.string().max(60).refine(isZone, 'no time zone'),
}).refine((rules) => !rules.mail || rules.mailTo !== '', { path: ['mailTo'], message: 'say where mail goes' });
export type NoticeRules = z.infer<typeof noticeRules>;

const versioned = z.strictObject({ value: noticeRules, version: z.int(), updatedAt: instantSchema });
/** Which ways there are: chats that are linked, whether mail can be sent; and what became of what was told last. */
export const noticeWays = z.strictObject({ chats: z.int(), mail: z.boolean(), told: z.int(), lastAt: instantSchema.nullable(), failed: z.int() });

const conflict = { CONFLICT: { status: 409, message: 'Somebody changed this meanwhile: look at it again.', data: z.strictObject({ version: z.int() }) } } as const;

export const noticesContract = {
  get: oc.route({ method: 'GET', path: '/notices' }).output(versioned.extend({ ways: noticeWays })),
  set: oc.route({ method: 'PUT', path: '/notices' }).errors({ ...commonErrors, ...conflict }).input(z.strictObject({ value: noticeRules, version: z.int() })).output(versioned),
  /** One line by every way that is on, now, whatever the hour. `held`: everything is stopped, and nothing was sent. */
  test: oc.route({ method: 'POST', path: '/notices/test' }).errors(commonErrors).output(z.strictObject({ held: z.boolean(), sent: z.int(), failed: z.array(z.string()) })),
};
