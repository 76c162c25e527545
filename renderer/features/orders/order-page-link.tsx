import { Anchor } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

/** The order on its channel's own page, in the browser: where a person does what the channel takes no call for. */
export function OrderPageLink({ page, channel }: { readonly page: string; readonly channel: string }) {
  const { t } = useTranslation();
  if (!/^https?:\/\//.test(page)) return null;
  return <Anchor underline="always" inherit href={page} target="_blank" rel="noreferrer noopener">{t('orders:by-hand.open', { channel })} <IconExternalLink size="0.75rem" aria-hidden="true" style={{ verticalAlign: '-0.1em' }} /></Anchor>;
}
