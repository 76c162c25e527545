/** Keeps fetches out of private networks (server-side request forgery): a shop's address, or a redirect from it, must not reach the user's router. */
import { lookup as dnsLookup, type LookupAddress } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** IANA special-purpose address registries, IPv4 and IPv6, as of 2026-11. */
const PRIVATE_V4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12], ['192.0.0.0', 24], ['192.0.2.0', 24], ['192.88.99.0', 24], ['192.168.0.0', 16], ['198.18.0.0', 15], ['198.51.100.0', 24], ['203.0.113.0', 24], ['224.0.0.0', 4], ['240.0.0.0', 4],
];
/** `::/96`, `::ffff:0:0:0/96` and `64:ff9b::/96` carry IPv4 addresses and `2002::/16` too: no shop is reached through them. */
const PRIVATE_V6: readonly (readonly [string, number])[] = [['::', 96], ['::ffff:0:0:0', 96], ['64:ff9b::', 96], ['64:ff9b:1::', 48], ['100::', 64], ['2001::', 23], ['2001:db8::', 32], ['2002::', 16], ['3fff::', 20], ['5f00::', 16], ['fc00::', 7], ['fe80::', 10], ['fec0::', 10], ['ff00::', 8]];

const blocked = new BlockList();
for (const [net, bits] of PRIVATE_V4) blocked.addSubnet(net, bits, 'ipv4');
for (const [net, bits] of PRIVATE_V6) blocked.addSubnet(net, bits, 'ipv6');
const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** True for an address on the public internet; loopback too when allowed. */
export function isAllowedAddress(address: string, allowLoopback: boolean): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  const ip = mapped ?? address;
  const family = isIP(ip);
  if (family === 0) return false;
  const kind = family === 4 ? 'ipv4' : 'ipv6';
  if (loopback.check(ip, kind)) return allowLoopback;
  // Node matches IPv4 rules against mapped addresses in their hexadecimal form too.
  return !blocked.check(ip, kind);
}

export class PrivateAddressError extends Error {
  readonly code = 'PRIVATE_ADDRESS';
  constructor(host: string, address: string) {
    super(host === address ? `${host} is a private address` : `${host} resolves to the private address ${address}`);
    this.name = 'PrivateAddressError';
  }
}

/** @throws PrivateAddressError for a literal private address: those are never looked up, so `guardedLookup` would not see them. */
export function refusePrivateLiteral(hostname: string, allowLoopback: boolean): void {
  const host = hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !isAllowedAddress(host, allowLoopback)) throw new PrivateAddressError(host, host);
}

export type Resolver = (hostname: string, done: (error: Error | null, addresses: readonly LookupAddress[]) => void) => void;
const systemResolver: Resolver = (hostname, done) => dnsLookup(hostname, { all: true }, done);

/** A lookup for sockets that connects to allowed addresses only. It is the address checked that is connected to: a second answer cannot differ. */
export function guardedLookup(allowLoopback: boolean, resolve: Resolver = systemResolver): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, (error, addresses) => {
      if (error) return callback(error, '', 0);
      const bad = addresses.find((a) => !isAllowedAddress(a.address, allowLoopback));
      const first = addresses[0];
      // One private address among public ones is a rebinding attempt, not a shop.
      if (bad || !first) return callback(new PrivateAddressError(hostname, bad?.address ?? 'nothing'), '', 0);
      if (options.all) return callback(null, [...addresses]);
      return callback(null, first.address, first.family);
    });
  };
}
