import { ConnectorError, DomainError } from '#kernel/errors.ts';
import type { ChannelDirectory, ListingsDeps, OnChannel, SalesChannel } from './deps.ts';

/** A directory that does not change: all are connected, the first is the main one. */
export function fixedChannels(channels: readonly [SalesChannel, ...SalesChannel[]]): ChannelDirectory {
  return { get: (market) => channels.find((channel) => channel.port.market === market) ?? null, connected: () => channels, main: channels[0].port.market };
}

/** The dependencies of one channel. @throws ConnectorError SessionLost where the channel is not known (any more). */
export function onChannel(deps: ListingsDeps, market: string): OnChannel {
  const found = deps.channels.get(market);
  if (!found) throw new ConnectorError({ kind: 'SessionLost', connector: market, operation: 'open channel', message: `the channel ${market} is not set up: connect it in the settings` });
  return { ...deps, channel: found.port, taxonomy: found.taxonomy };
}

/** @throws DomainError INVALID unless the channel has an account now. */
export function connectedChannel(deps: ListingsDeps, market: string): OnChannel {
  const found = deps.channels.connected().find((channel) => channel.port.market === market);
  if (!found) throw new DomainError('INVALID', `channel: ${market} is not connected; connect it in the settings.`, { field: 'channel', reason: 'not-connected' });
  return { ...deps, channel: found.port, taxonomy: found.taxonomy };
}
