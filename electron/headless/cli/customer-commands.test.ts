import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { CUSTOMER_COMMANDS } from './customer-commands.ts';

const dir = mkdtempSync(path.join(os.tmpdir(), 'resale-desk-customer-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const people = [{ id: 'cst_1', name: 'Ana Ruiz', contacts: [{ kind: 'email', value: 'ana@example.org' }], orders: 2 }];
const asked: string[] = [];
const client = { support: {
  customers: async ({ search }: { search: string }) => (search === 'ana' ? people : search === 'many' ? [...people, ...people] : []), exportCustomer: async ({ id }: { id: string }) => ({ customer: { id } }),
  eraseCustomer: async ({ id }: { id: string }) => { asked.push(id); return { tickets: 1, orders: 2, payments: 0, contacts: 3 }; },
} } as unknown as Parameters<typeof CUSTOMER_COMMANDS.customer>[0];
const run = (...args: string[]) => CUSTOMER_COMMANDS.customer(client, { args });

describe('resale customer', () => {
  it('writes what is held into a file for its owner alone, and over no other', async () => {
    const file = path.join(dir, 'ana.json');
    await run('export', 'ana', file);
    expect([JSON.parse(readFileSync(file, 'utf8')), statSync(file).mode & 0o777]).toEqual([{ customer: { id: 'cst_1' } }, 0o600]);
    await expect(run('export', 'ana', file)).rejects.toThrow(/is there already/);
  });

  it('erases one person, by id or words that name one alone', async () => {
    expect((await run('erase', 'cst_9')).text).toMatch(/2 orders and 0 payments stay/);
    await expect(run('erase', 'many')).rejects.toThrow(/2 people are known/);
    await expect(run('erase', 'nobody')).rejects.toThrow(/nobody is known/);
    await expect(run('burn', 'ana')).rejects.toThrow(/customer commands are/);
    // a name without quotes is not cut to its first word
    await expect(run('erase', 'ana', 'ruiz')).rejects.toThrow(/one name: put quotes around "ana ruiz"/);
    expect(asked).toEqual(['cst_9']);
  });
});
