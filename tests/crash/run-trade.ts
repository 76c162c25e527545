import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { verifyBooks, type BooksReport } from '#engine/flows/index.ts';
import { openDatabase } from '#runtime/database.ts';
import { templateFile } from '#runtime/template.ts';
import { openTradeDesk, seedBusiness, seedOpportunity, type OfferFacts } from '#tests/support/trade-desk.ts';
import { startTradeMarket, type TradeMarket } from '#tests/support/trade-market.ts';

const endSchema = z.object({ points: z.record(z.string(), z.number()), listings: z.array(z.string()) });

export interface TradeRun {
  /** Whether the first process died where it was told to. */
  readonly killed: boolean;
  /** How often each point was passed by the process that came to the end. */
  readonly points: Readonly<Record<string, number>>;
  /** Counted at the vendors. */
  readonly vendor: { readonly orders: number; readonly listings: number; readonly live: number; readonly shipments: number; readonly sales: number; readonly cancelled: number };
  /** Counted in our own database. */
  readonly desk: { readonly purchases: number; readonly confirmed: number; readonly lots: number; readonly onHand: number; readonly listings: number; readonly orders: number; readonly sent: number; readonly cancelled: number; readonly entries: number };
  readonly books: BooksReport;
  readonly error: string;
}

function control(market: TradeMarket): Promise<{ url: string; close(): void }> {
  const server = createServer((request, response) => {
    const to = Number(new URL(request.url ?? '/', 'http://control').searchParams.get('to'));
    market.clock.advanceTo(to);
    market.world.now();
    response.end();
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => void server.close() }));
  });
}

function runChild(environment: Readonly<Record<string, string>>): Promise<{ signal: string | null; code: number | null; out: string; err: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['tests/crash/trade-child.ts'], { env: { NODE_COMPILE_CACHE: path.join(os.tmpdir(), 'resale-desk-compile-cache'), ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, out, err }));
  });
}

async function countDesk(file: string, market: TradeMarket): Promise<Pick<TradeRun, 'desk' | 'books'>> {
  const db = await openDatabase(file);
  const desk = await openTradeDesk({ db, clock: market.clock, shopUrl: market.shop.baseUrl, ebayUrl: market.ebay.baseUrl });
  const { prisma } = db;
  const lots = await prisma.stockLot.findMany();
  const counted = {
    purchases: await prisma.purchase.count(), confirmed: await prisma.purchaseEvent.count({ where: { kind: 'confirmed' } }), lots: lots.length, onHand: lots.reduce((sum, lot) => sum + lot.onHand, 0),
    listings: await prisma.listing.count(), orders: await prisma.order.count(), sent: await prisma.order.count({ where: { state: { in: ['shipped', 'refunded'] } } }), cancelled: await prisma.order.count({ where: { state: 'cancelled' } }), entries: await prisma.ledgerEntry.count(),
  };
  const books = await verifyBooks(desk.trade.inventory, 'USD');
  await desk.close();
  await db.close();
  return { desk: counted, books };
}

/** One trade from approval to payout in a process of its own against vendors that live here; killed at `killAt`, then started again and left to finish. */
export async function runTrade(offer: OfferFacts, killAt: string | null): Promise<TradeRun> {
  const market = await startTradeMarket();
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'resale-desk-crash-'));
  const file = path.join(dir, 'desk.sqlite');
  fs.copyFileSync(await templateFile(), file);
  const clockwork = await control(market);
  try {
    const db = await openDatabase(file);
    const desk = await openTradeDesk({ db, clock: market.clock, shopUrl: market.shop.baseUrl, ebayUrl: market.ebay.baseUrl });
    await seedBusiness(desk.ctx);
    const { opportunityId } = await seedOpportunity(desk.ctx, offer);
    await desk.close();
    await db.close();
    const environment = () => ({ RESALE_DB: file, RESALE_SHOP: market.shop.baseUrl, RESALE_EBAY: market.ebay.baseUrl, RESALE_CONTROL: clockwork.url, RESALE_OPPORTUNITY: opportunityId, RESALE_NOW: String(market.clock.now()) });
    const first = killAt === null ? null : await runChild({ ...environment(), RESALE_KILL_AT: killAt });
    // Died between its last word to the market and its own clock: the restart's clock is the market's.
    const last = first && first.signal === null ? first : await runChild(environment());
    const end = last.code === 0 ? endSchema.parse(JSON.parse(last.out.trim().split('\n').at(-1) ?? '{}')) : { points: {}, listings: [] };
    const { shopOrders, listings, sales } = market.world.effects();
    return {
      killed: first?.signal === 'SIGKILL', points: end.points, ...(await countDesk(file, market)),
      vendor: { orders: shopOrders.length, listings: listings.length, live: listings.filter((listing) => listing.status === 'active').length, shipments: market.ebay.effects().shipmentsReported, sales: sales.length, cancelled: sales.filter((sale) => sale.status === 'cancelled').length },
      error: last.code === 0 ? '' : last.err.slice(-2_000),
    };
  } finally {
    clockwork.close();
    await market.close();
    fs.rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
  }
}
