import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../parse-options.ts';
import type { DeskClient } from './desk-client.ts';
import type { Answer } from './answer.ts';
import type { CommandInput } from './desk-commands.ts';
import { table } from './print.ts';

type People = Pick<DeskClient, 'support'>;

/** By id, or by words that name exactly one person. */
async function find(client: People, who: string): Promise<string> {
  if (/^cst_[\w-]+$/.test(who)) return who;
  const found = await client.support.customers({ search: who });
  if (found.length === 1) return found[0]!.id;
  throw new UsageError(found.length === 0 ? `nobody is known as ${JSON.stringify(who)}` : `${found.length} people are known as ${JSON.stringify(who)}: name one by its id (resale customer find ${JSON.stringify(who)})`);
}

async function list(client: People, words: string): Promise<Answer> {
  const found = await client.support.customers({ search: words });
  return { json: found, text: found.length === 0 ? `nobody is known as ${JSON.stringify(words)}` : table(['id', 'name', 'contacts', 'orders'], found.map((one) => [one.id, one.name ?? '', one.contacts.map((contact) => contact.value).join(', '), one.orders])) };
}

/** All that is held of a person goes into a file that only its owner may read, and never over another one. */
async function exportTo(client: People, id: string, file: string): Promise<Answer> {
  const data = await client.support.exportCustomer({ id });
  try {
    writeFileSync(file, `${JSON.stringify(data, null, 2)}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') throw new UsageError(`${file} is there already: name another file`);
    throw error;
  }
  return { json: { id, file }, text: `everything held of ${id} is in ${file}` };
}

async function customer(client: People, { args }: Pick<CommandInput, 'args'>): Promise<Answer> {
  const [what, who, file] = args;
  if (!what || !who || !['find', 'export', 'erase'].includes(what)) throw new UsageError('the customer commands are: customer find WORDS, customer export WHO [FILE], customer erase WHO');
  if (file !== undefined && what !== 'export') throw new UsageError(`customer ${what} takes one name: put quotes around ${JSON.stringify(`${who} ${file}`)}`);
  if (what === 'find') return list(client, who);
  const id = await find(client, who);
  if (what === 'export') return exportTo(client, id, path.resolve(file ?? `${id}.json`));
  const gone = await client.support.eraseCustomer({ id });
  return { json: { id, ...gone }, text: `erased ${id}: ${gone.tickets} tickets and ${gone.contacts} contacts are gone; ${gone.orders} orders and ${gone.payments} payments stay for the books, without the person` };
}

export const CUSTOMER_COMMANDS = { customer } as const;
