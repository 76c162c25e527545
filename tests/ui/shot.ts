/** Pictures of every page from the fixture server, for a person to look at: `node tests/ui/shot.ts light 1280 [pages] [full|empty|failing|hang]`. Results go to test-results/. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { FixtureServer } from './fixture-server.ts';
import { BUILD, launch } from './harness.ts';

const [scheme = 'light', width = '1280', only, mode = 'full'] = process.argv.slice(2);
const pages: Record<string, string> = {
  today: '/', opportunities: '/opportunities', opportunity: '/opportunities?open=opp_000003', negotiations: '/negotiations', talk: '/negotiations?open=neg_000001', 'start-talk': '/negotiations?start=opp_000003', purchases: '/purchases', purchase: '/purchases?open=pur_000000', stock: '/stock?open=lot_000000', listings: '/listings?open=lst_000000',
  orders: '/orders?open=ord_000000', ledger: '/ledger', reports: '/reports', 'report-lines': '/reports?by=item&open=.prd_3', 'report-stock': '/reports?view=stock', 'report-tax': '/reports?view=tax', payments: '/payments?open=pay_000001', payouts: '/payments?view=payouts', 'payment-open': '/payments?open=pay_000000', support: '/support', ticket: '/support?open=tkt_000000', 'ticket-escalated': '/support?open=tkt_000002', 'support-rules': '/support?view=rules', 'purchase-hand': '/purchases?open=pur_000009', 'purchase-received': '/purchases?open=pur_000003', sources: '/sources?open=src_1', approvals: '/approvals', people: '/settings?tab=people', audit: '/settings?tab=audit', limits: '/settings', business: '/settings?tab=business', connections: '/settings?tab=connections', appearance: '/settings?tab=appearance', gallery: '/gallery', identify: '/identify', compare: '/compare?ids=opp_000003,opp_000004,opp_000005', product: '/product?id=opp_000003', fees: '/fees', repricing: '/repricing', watch: '/watch', 'watch-open': '/watch?open=wat_0', 'purchase-orders': '/purchase-orders', 'purchase-order': '/purchase-orders?open=pod_000898', counts: '/counts', count: '/counts?open=cnt_000900', places: '/counts?view=places', costs: '/counts?view=costs', inbound: '/inbound', 'inbound-choose': '/inbound?open=ins_0', 'inbound-boxes': '/inbound?open=ins_1', 'inbound-ready': '/inbound?open=ins_2', 'inbound-differs': '/inbound?open=ins_3', 'inbound-stopped': '/inbound?open=ins_4', 'inbound-charges': '/inbound?view=charges', 'inbound-charged': '/inbound?open=ins_5', 'inbound-new': '/inbound?lot=lot_000000', reorder: '/reorder', 'reorder-why': '/reorder?open=prd_000003', scans: '/scans', differences: '/scans?source=src_0&run=run_000001', 'price-lists': '/price-lists', 'list-columns': '/price-lists?id=prl_1&step=columns', 'list-pass': '/price-lists?id=prl_1&step=pass', 'list-results': '/price-lists?id=prl_1&step=results', plan: '/plan', ai: '/ai', welcome: '/welcome',
};
const server = new FixtureServer({ root: BUILD });
server.mode = mode as typeof server.mode;
const url = await server.start();
server.appearance = { ...server.appearance, scheme: scheme === 'dark' ? 'dark' : 'light' };
const browser = await launch();
const folder = path.resolve('test-results/shots');
await mkdir(folder, { recursive: true });
const page = await browser.newPage({ viewport: { width: Number(width), height: width === '1920' ? 1080 : 800 } });
page.on('console', (message) => { if (message.type() === 'error' || message.type() === 'warning') console.log(`${message.type()}: ${message.text().slice(0, 400)}`); });
page.on('pageerror', (error) => console.log(`page error: ${error.stack ?? error.message}`));
for (const [name, address] of Object.entries(pages)) {
  if (only && !only.split(',').includes(name)) continue;
  server.firstRun = name === 'welcome';
  await page.goto(`${url}/#${address}`);
  await page.reload();
  await page.waitForTimeout(1_300);
  await page.screenshot({ path: path.join(folder, `${name}-${mode === 'full' ? '' : `${mode}-`}${scheme}-${width}.png`) });
}
await browser.close();
await server.stop();
