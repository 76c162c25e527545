import type { TFunction } from 'i18next';

/** Whom the sales tax of an account is owed to (`US-CA state tax`); null for any other account, and where nobody was named. */
export function taxOwedTo(account: string): string | null {
  const name = /^liabilities:sales-tax:(.+)$/.exec(account)?.[1];
  if (name === undefined) return null;
  const place = /^([a-z]{2})(?:-([a-z]{2}))?(?:-(.*))?$/.exec(name);
  return place ? [[place[1], place[2]].filter(Boolean).join('-').toUpperCase(), (place[3] ?? '').replaceAll('-', ' ')].filter(Boolean).join(' ') : name.replaceAll('-', ' ');
}

/** An account of the chart in words; a channel's own accounts name the channel. */
export function accountName(t: TFunction, account: string): string {
  const ofChannel = /^(?:assets:(receivable)|expenses:(fees|storage|inbound)):(.+)$/.exec(account);
  if (ofChannel) return t(`ledger:channel-${ofChannel[1] ?? ofChannel[2]!}`, { channel: t(`listings:channel.${ofChannel[3]}`, { defaultValue: ofChannel[3] ?? '' }) });
  const owedTo = taxOwedTo(account);
  if (owedTo !== null) return t('ledger:sales-tax-of', { owedTo });
  // The account's own colons are no namespace.
  return t(`account.${account}`, { ns: 'ledger', nsSeparator: false, defaultValue: account });
}
