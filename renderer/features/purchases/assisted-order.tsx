import { Button } from '@mantine/core';
import { IconBrowser, IconPlayerTrackNext } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { purchaseDetail } from '#contract/purchases.ts';
import { orpc } from '../../rpc/client.ts';
import { useFormat } from '../../ui/format.ts';
import { notify, notifyError } from '../../ui/notify.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';

type PurchaseDetail = z.infer<typeof purchaseDetail>;
const STEPS: readonly string[] = ['cart', 'checkout'];

function useAssist(purchase: PurchaseDetail) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const settle = { onError: (error: unknown) => notifyError(error, t), onSettled: () => void queries.invalidateQueries({ queryKey: orpc.purchases.key() }) };
  const open = useMutation(orpc.purchases.assist.mutationOptions(settle));
  const goOn = useMutation(orpc.purchases.assistGoOn.mutationOptions(settle));
  const notPlaced = useMutation(orpc.purchases.assistNotPlaced.mutationOptions({ ...settle, onSuccess: () => notify({ message: t('purchases:assist.settled') }) }));
  const at = { id: purchase.id, version: purchase.version };
  return { goingOn: goOn.isPending, goOn: () => goOn.mutate(at), opening: open.isPending, open: () => open.mutate(at), settling: notPlaced.isPending, notPlaced: () => notPlaced.mutate(at) };
}

/** How far the order at the shop's own pages got, and what only the person can say of it. */
export function AssistedOrder({ purchase, onRecord }: { readonly purchase: PurchaseDetail; readonly onRecord: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { settling, notPlaced } = useAssist(purchase);
  const { assisted } = purchase;
  if (!assisted || (assisted.state === 'free' && assisted.failed === null)) return null;
  const { state, total, missing, stopped } = assisted;
  const isBeforePay = stopped === null || stopped === 'pay';
  const left = state === 'ready' ? missing : [];
  // a wall says itself what to do
  const isWall = stopped === 'captcha' || stopped === 'login';
  const steps = isWall ? [] : left.filter((one) => STEPS.includes(one));
  const fields = left.filter((one) => !STEPS.includes(one));
  return (
    <div className="notice" role={state === 'asks' || !isBeforePay || state === 'read' ? 'alert' : 'status'}>
      <strong>{t(isBeforePay ? `purchases:assist.${state}` : `purchases:assist.stopped-${stopped}`)}</strong> {assisted.at === null || state === 'free' ? null : <span className="small muted"><RelativeTime at={assisted.at} /></span>}
      {assisted.failed ? <p>{t('purchases:assist.failed', { message: assisted.failed })}</p> : null}
      {state === 'ready' ? <p>{total ? t('purchases:assist.total', { total: format.money(total), maxTotal: format.money(purchase.approvedTotal) }) : t(isBeforePay ? 'purchases:assist.no-total' : 'purchases:assist.up-to', { maxTotal: format.money(purchase.approvedTotal) })}</p> : null}
      {steps.length > 0 ? <p>{t('purchases:assist.step-missing')}</p> : null}
      {fields.length > 0 ? <p>{t('purchases:assist.missing', { fields: fields.join(', ') })}</p> : null}
      {state === 'read' ? <p>{t('purchases:assist.read-text', { number: assisted.externalId ?? '' })}</p> : null}
      {state === 'asks' || state === 'read' ? (
        <div className="row" style={{ marginBlockStart: '0.5rem' }}>
          {purchase.state === 'ordering-by-hand' ? <Button size="compact-sm" onClick={onRecord}>{t('purchases:assist.was-placed')}</Button> : null}
          <Button size="compact-sm" variant="default" loading={settling} onClick={notPlaced}>{t('purchases:assist.not-placed')}</Button>
        </div>
      ) : null}
    </div>
  );
}

/** Where the desk can go on once the person did their part. */
const GOES_ON: readonly string[] = ['captcha', 'login', 'fields', 'unsure'];

/** Begins it, brings its window to the front, or has it gone on with. */
export function AssistButton({ purchase }: { readonly purchase: PurchaseDetail }) {
  const { t } = useTranslation();
  const { opening, open, goingOn, goOn } = useAssist(purchase);
  const state = purchase.assisted?.state;
  if (purchase.state !== 'ordering-by-hand' || state === undefined || state === 'asks' || state === 'read') return null;
  const goesOn = state === 'ready' && GOES_ON.includes(purchase.assisted?.stopped ?? '');
  return (
    <>
      {goesOn ? <Button size="sm" leftSection={<IconPlayerTrackNext size="1rem" />} loading={goingOn} onClick={goOn}>{t('purchases:assist.go-on')}</Button> : null}
      <Button size="sm" variant={goesOn ? 'default' : 'filled'} leftSection={<IconBrowser size="1rem" />} loading={opening || state === 'filling'} onClick={open}>{t(state === 'ready' ? 'purchases:assist.show' : 'purchases:assist.open')}</Button>
    </>
  );
}
