/**
 * The switch stops all that leaves: every call by which the engine changes something at a vendor is made inside a workflow's effect, which asks the switch right before the call (`electron/runtime/kill-switch.test.ts`),
 * or asks it itself, in a place that is named here with the test that proves it. A new way out has to be put into this table.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');
const ENGINE = path.join(ROOT, 'electron/engine');

/** What the engine's ports to vendors can do: `reads` changes nothing there. */
const PORTS: readonly { readonly file: string; readonly port: string; readonly leaves: readonly string[]; readonly reads: readonly string[] }[] = [
  { file: 'purchasing/ports.ts', port: 'CheckoutPort', leaves: ['place'], reads: ['quote', 'begin', 'reconcile', 'progress'] },
  { file: 'purchasing/ports.ts', port: 'AssistedCheckoutPort', leaves: ['open', 'goOn'], reads: ['supports', 'isOpen', 'show', 'confirmation', 'dismiss', 'close'] },
  {
    file: 'listings/ports.ts', port: 'ListingChannelPort', leaves: ['placePicture', 'ensureLocation', 'putContent', 'ensureOffer', 'publishOffer', 'reviseOffer', 'replaceOffer', 'endOffer'],
    reads: ['mayPlacePictures', 'findPicture', 'policies', 'findOffer', 'warehouseUnits', 'restrictions', 'listingUrl'],
  },
  { file: 'orders/ports.ts', port: 'OrderSourcePort', leaves: ['markShipped', 'cancelOrder', 'refundOrder', 'answerReturn', 'answerClaim'], reads: ['orders', 'order', 'orderPage', 'returns', 'claims', 'payouts', 'charges', 'transactions'] },
  { file: 'payments/ports.ts', port: 'PaymentProvider', leaves: ['create', 'capture', 'refund', 'cancel'], reads: ['check', 'find', 'read', 'findRefund', 'readRefund', 'payouts', 'disputes', 'readWebhook'] },
  { file: 'negotiation/ports.ts', port: 'MessageChannel', leaves: ['send'], reads: ['find', 'receive', 'readWebhook', 'readEvents', 'address'] },
  {
    file: 'inbound-shipments/ports.ts', port: 'InboundPort',
    leaves: ['createPlan', 'cancelPlan', 'generatePacking', 'confirmPacking', 'setPacking', 'generatePlacement', 'generateTransport', 'confirmPlacement', 'generateWindows', 'confirmWindow', 'confirmTransport', 'reportTracking'],
    reads: ['prepDetails', 'findPlan', 'planState', 'operation', 'packingOptions', 'groupItems', 'placementOptions', 'shipmentItems', 'transportOptions', 'windows', 'delivery', 'boxes', 'received', 'itemLabels', 'boxLabels'],
  },
  { file: 'support/ports.ts', port: 'OrderMessagePort', leaves: ['send'], reads: ['mostCharacters', 'open', 'language'] },
];

/** Calls that stand in no effect, `file: method`, and what holds them. Chats with the desk's own people are not stopped: they tell of the stop, and end it. */
const HELD_OTHERWISE: Readonly<Record<string, string>> = {
  'flows/assist-checkout.ts: open': 'assistCheckout asks the switch before it begins (tests/system/assisted-checkout.test.ts)',
  'flows/assist-checkout.ts: goOn': 'assistGoOn and mayGoOn ask it (tests/system/assisted-checkout.test.ts)',
  'flows/reach-channel.ts: ensureLocation': 'asked right before (tests/system/listing.test.ts)',
  'unit-locks/tell-channel.ts: reviseOffer': 'asked before each listing (electron/engine/unit-locks/unit-locks.test.ts)',
  'payments/request-payment.ts: cancel': 'cancelPayment asks it (electron/engine/payments/payments.test.ts)',
  // functions that an effect is made of: `run.effect('…', placeOrder(…))`, and the like
  'flows/buy.ts: place': 'placeOrder is the effect, and asks once more (tests/system/purchase.test.ts)',
  'flows/list.ts: reviseOffer': 'putTerms is the effect put-terms',
  'negotiation/send-text.ts: send': 'effectOf is the effect (tests/system/negotiation.test.ts)',
  'support/send-reply.ts: send': 'effectOf is the effect',
  'support/order-messages/send-message.ts: send': 'effectOf is the effect (electron/engine/support/order-messages/order-messages.test.ts)',
  'flows/approvals/chat-bot.ts: send': 'to the desk’s own people',
  'flows/notices/tell.ts: send': 'tellPeople asks it before each look, and right before each message (electron/engine/flows/notices/notices.test.ts)',
};

/**
 * Where each way out is killed or failed, and what happened is counted at the vendor: scenarios of `tests/crash/matrix`, or a test of its own. What a scenario does for one channel another may do for the next.
 */
const KILLED_AT: Readonly<Record<string, readonly string[]>> = {
  'CheckoutPort.place': ['trade', 'chat'], 'AssistedCheckoutPort.open': ['assisted', 'tests/system/assisted-checkout.test.ts'], 'AssistedCheckoutPort.goOn': ['tests/system/assisted-checkout.test.ts'],
  'ListingChannelPort.placePicture': ['sell-ebay', 'sell-woocommerce'], 'ListingChannelPort.ensureLocation': ['trade', 'sell-ebay'], 'ListingChannelPort.putContent': ['trade', 'sell-ebay', 'sell-amazon', 'sell-woocommerce', 'sell-shopify', 'sell-etsy'],
  'ListingChannelPort.ensureOffer': ['trade', 'sell-amazon', 'sell-woocommerce', 'sell-shopify', 'sell-etsy'], 'ListingChannelPort.publishOffer': ['trade', 'sell-amazon', 'sell-woocommerce', 'sell-shopify', 'sell-etsy'],
  'ListingChannelPort.reviseOffer': ['sell-ebay', 'sell-amazon', 'sell-woocommerce', 'sell-shopify', 'sell-etsy', 'electron/engine/unit-locks/unit-locks.test.ts'],
  // only made where an offer stands already: one that was refused a change, or that a program which was killed had made
  'ListingChannelPort.replaceOffer': ['trade', 'relist-ebay', 'relist-amazon', 'relist-woocommerce', 'relist-shopify', 'relist-etsy'],
  'ListingChannelPort.endOffer': ['sell-ebay', 'sell-amazon', 'sell-woocommerce', 'sell-shopify', 'sell-etsy'],
  'OrderSourcePort.markShipped': ['trade', 'sell-amazon', 'sell-woocommerce', 'sell-shopify', 'sell-etsy'], 'OrderSourcePort.cancelOrder': ['sell-ebay', 'sell-woocommerce', 'sell-shopify'], 'OrderSourcePort.refundOrder': ['sell-ebay', 'sell-woocommerce', 'sell-shopify'],
  'OrderSourcePort.answerReturn': ['sell-ebay'], 'OrderSourcePort.answerClaim': ['sell-ebay'],
  'PaymentProvider.create': ['stripe', 'paypal', 'chargily', 'paynow', 'ecocash'], 'PaymentProvider.capture': ['paypal'], 'PaymentProvider.refund': ['stripe', 'paypal', 'ecocash'], 'PaymentProvider.cancel': ['cancel-stripe', 'cancel-chargily'],
  'MessageChannel.send': ['sms', 'email', 'ebay', 'reply-sms', 'reply-email', 'reply-ebay'], 'OrderMessagePort.send': ['sell-amazon'],
  ...Object.fromEntries(PORTS.find(({ port }) => port === 'InboundPort')!.leaves.map((name) => [`InboundPort.${name}`, name === 'cancelPlan' ? ['inbound-cancelled'] : name === 'confirmWindow' || name === 'generateWindows' || name === 'reportTracking' ? ['inbound-own'] : ['inbound-own', 'inbound-partnered']])),
};

const parse = (file: string) => ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
const sources = readdirSync(ENGINE, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));

function methodsOf(file: string, port: string): string[] {
  const found = parse(path.join(ENGINE, file)).statements.find((one) => ts.isInterfaceDeclaration(one) && one.name.text === port) as ts.InterfaceDeclaration;
  return found.members.filter((member) => ts.isMethodSignature(member)).map((member) => member.name.getText());
}

const isEffect = (node: ts.Node): boolean => ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && node.expression.name.text === 'effect';

/** By what things are called; `open` and `create` are words of other ports too. */
const isOfPort = (method: string, on: string): boolean => (method === 'open' || method === 'goOn' ? /assist/i : method === 'create' ? /provider/i : /channel|source|provider|checkout|chat/i).test(on);

/** Calls of a method of that name on something that is named like a vendor's port, outside of any effect's arguments. */
function callsOutside(file: string, names: ReadonlySet<string>): { readonly inside: string[]; readonly outside: string[] } {
  const [inside, outside]: [string[], string[]] = [[], []];
  const visit = (node: ts.Node, held: boolean): void => {
    if (ts.isCallExpression(node)) {
      const callee = ts.isNonNullExpression(node.expression) ? node.expression.expression : node.expression;
      if (ts.isPropertyAccessExpression(callee) && names.has(callee.name.text) && isOfPort(callee.name.text, callee.expression.getText())) (held ? inside : outside).push(`${file}: ${callee.name.text}`);
    }
    ts.forEachChild(node, (child) => visit(child, held || isEffect(node)));
  };
  visit(parse(path.join(ENGINE, file)), false);
  return { inside, outside };
}

it('every method of a port to vendors is known to leave or to read', () => {
  for (const { file, port, leaves, reads } of PORTS) expect(methodsOf(file, port).filter((name) => ![...leaves, ...reads].includes(name)), port).toEqual([]);
});

it('every way out is killed and failed somewhere, by name', () => {
  expect(PORTS.flatMap(({ port, leaves }) => leaves.map((name) => `${port}.${name}`)).filter((way) => !KILLED_AT[way]?.length)).toEqual([]);
  const scenarios = ['scenarios.ts', 'app-scenarios.ts'].map((file) => readFileSync(path.join(ROOT, 'tests/crash/matrix', file), 'utf8')).join('\n');
  const named = (where: string) => (where.endsWith('.test.ts') ? existsSync(path.join(ROOT, where)) : new RegExp(`['{ ]${where}['":, ]`).test(scenarios));
  expect([...new Set(Object.values(KILLED_AT).flat())].filter((where) => !named(where))).toEqual([]);
});

it('what leaves is held by the switch, each in an effect or where this table says', () => {
  const names = new Set(PORTS.flatMap(({ leaves }) => leaves));
  const all = sources.map((file) => callsOutside(file, names));
  const outside = [...new Set(all.flatMap((one) => one.outside))].toSorted();
  expect(outside.filter((call) => !(call in HELD_OTHERWISE))).toEqual([]);
  expect(Object.keys(HELD_OTHERWISE).filter((call) => !outside.includes(call))).toEqual([]);
  // every kind is met at all: nothing here passes because it is not looked at
  const met = new Set([...outside, ...all.flatMap((one) => one.inside)].map((call) => call.split(': ')[1]));
  const missed = PORTS.flatMap(({ file, port, leaves }) => leaves.filter((name) => methodsOf(file, port).includes(name) && !met.has(name)));
  expect(missed).toEqual([]);
});
