import type { TFunction } from 'i18next';

/** An account of the chart in words; a channel's own accounts name the channel. */
export function accountName(t: TFunction, account: string): string {
  const ofChannel = /^(?:assets:(receivable)|expenses:(fees)):(.+)$/.exec(account);
  if (ofChannel) return t(ofChannel[1] ? 'ledger:channel-receivable' : 'ledger:channel-fees', { channel: t(`listings:channel.${ofChannel[3]}`, { defaultValue: ofChannel[3] ?? '' }) });
  const tax = /^liabilities:sales-tax:([a-z]{2})(?:-([a-z]{2}))?(?:-(.*))?$/.exec(account);
  if (tax) return t('ledger:sales-tax-of', { place: [tax[1], tax[2]].filter(Boolean).join('-').toUpperCase(), tax: (tax[3] ?? '').replaceAll('-', ' ') });
  if (account.startsWith('liabilities:sales-tax:')) return t('ledger:sales-tax-of', { place: '', tax: account.slice('liabilities:sales-tax:'.length).replaceAll('-', ' ') });
  // The account's own colons are no namespace.
  return t(`account.${account}`, { ns: 'ledger', nsSeparator: false, defaultValue: account });
}
