import { implement } from '@orpc/server';
import { declaredErrors } from '#contract/errors.ts';
import { inboundShipmentsContract } from '#contract/inbound-shipments.ts';
import { isConnectorError } from '#kernel/errors.ts';
import { warehouseOf } from '../listings/index.ts';
import { createShipment, defaultAddress, startShipment } from './create-shipment.ts';
import type { InboundDeps } from './deps.ts';
import { badField } from './errors.ts';
import { readShipmentFacets } from './list-shipments.ts';
import { printLabels } from './print-labels.ts';
import { readShipment, readShipments } from './read-shipments.ts';
import { settleDifference } from './settle-difference.ts';
import type { InboundShipment } from './shipment.ts';
import { agreeToCosts, askAgain, cancelShipment, packShipment, retryShipment, sendShipment } from './steer-shipment.ts';
import { trackShipment } from './track-shipments.ts';

/** `by`: the person at the desk. */
export function createInboundProcedures(deps: InboundDeps, by: string) {
  const os = implement(inboundShipmentsContract).use(declaredErrors);
  const { prisma } = deps.ctx.db;
  const shown = async (shipment: Promise<InboundShipment>) => readShipment(prisma, (await shipment).id);
  return os.router({
    list: os.list.handler(({ input }) => readShipments(deps.ctx.db, input)),
    facets: os.facets.handler(() => readShipmentFacets(deps.ctx.db)),
    get: os.get.handler(({ input }) => readShipment(prisma, input.id)),
    defaults: os.defaults.handler(async () => ({
      channels: deps.channels.connected().flatMap(({ port, name }) => (warehouseOf(port.market) === null ? [] : [{ market: port.market, name, place: warehouseOf(port.market)! }])), from: await defaultAddress(prisma),
    })),
    create: os.create.handler(({ input }) => shown(createShipment(deps, input, by))),
    start: os.start.handler(({ input }) => shown(startShipment(deps, input))),
    pack: os.pack.handler(({ input }) => shown(packShipment(deps, { ...input, by }))),
    agree: os.agree.handler(({ input }) => shown(agreeToCosts(deps, { ...input, by }))),
    askAgain: os.askAgain.handler(({ input }) => shown(askAgain(deps, input))),
    send: os.send.handler(({ input }) => shown(sendShipment(deps, { ...input, by }))),
    retry: os.retry.handler(({ input }) => shown(retryShipment(deps, input))),
    cancel: os.cancel.handler(({ input }) => shown(cancelShipment(deps, input))),
    refresh: os.refresh.handler(async ({ input, signal }) => {
      await trackShipment(deps, input.id, signal).catch((error: unknown) => { throw isConnectorError(error) ? badField('channel', error.detail.message) : error; });
      return readShipment(prisma, input.id);
    }),
    settle: os.settle.handler(({ input }) => shown(settleDifference(deps, { ...input, by }))),
    labels: os.labels.handler(({ input, signal }) => printLabels(deps, input, signal)),
  });
}
