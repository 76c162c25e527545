import { Button, FileButton } from '@mantine/core';
import { IconReceipt } from '@tabler/icons-react';
import { useEffect, useState, type DragEvent } from 'react';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { Link } from '@tanstack/react-router';
import type { ReadingProgress } from '#contract/receipt-reading.ts';
import { describeError } from '../../rpc/describe-error.ts';
import { useWordReason } from '../../ui/reason.tsx';
import type { ReceiptInHand } from './use-receipt-reading.ts';
import './receipt.css';

export const RECEIPT_TYPES = 'application/pdf,image/jpeg,image/png,image/webp,text/html,message/rfc822,.html,.htm,.eml';

/** A picture or a document that is pasted anywhere in the window, while the form is open. */
function usePaste(active: boolean, take: (file: File) => void): void {
  useEffect(() => {
    if (!active) return;
    const paste = (event: ClipboardEvent) => {
      const file = event.clipboardData?.files[0];
      if (!file) return;
      event.preventDefault();
      take(file);
    };
    window.addEventListener('paste', paste);
    return () => window.removeEventListener('paste', paste);
  });
}

function Twice({ twice }: { readonly twice: ReadingProgress['twice'] }) {
  const { t } = useTranslation();
  if (twice.length === 0) return null;
  return (
    <div className="notice" role="alert">
      <strong>{t('purchases:scan.twice')}</strong>
      <ul>{twice.map((one) => <li key={`${one.purchaseId}:${one.why}`}><Link to="/purchases" search={{ open: one.purchaseId } as never}>{one.title}</Link> · {t(`purchases:scan.twice-${one.why}`)}</li>)}</ul>
    </div>
  );
}

/** What is wrong with the file, in the engine's own words where it has some. */
function refusalOf(error: Error, t: TFunction): string {
  const { title, advice, data } = describeError(error, t);
  return typeof data['reason'] === 'string' ? t('purchases:scan.refused', { reason: data['reason'] }) : `${title} ${advice}`;
}

/** Takes the receipt: dropped, chosen, photographed with a telephone, or pasted; and says how its reading gets on. */
export function ReceiptDrop({ receipt, active }: { readonly receipt: ReceiptInHand; readonly active: boolean }) {
  const { t } = useTranslation();
  const word = useWordReason();
  const [over, setOver] = useState(false);
  usePaste(active && !receipt.isBusy, receipt.take);
  const { sent, progress, isBusy, error } = receipt;
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer.files[0];
    if (file && !isBusy) receipt.take(file);
  };
  const done = progress?.state === 'reading' ? progress.doneBp : 0;
  return (
    <div className="receipt-drop stack" data-over={over || undefined} onDragOver={(event) => { if (event.dataTransfer.types.includes('Files')) { event.preventDefault(); setOver(true); } }} onDragLeave={() => setOver(false)} onDrop={drop}>
      <div className="row wrap">
        <FileButton accept={RECEIPT_TYPES} onChange={(file) => { if (file) receipt.take(file); }}>
          {(props) => <Button {...props} size="compact-sm" variant="default" disabled={isBusy} leftSection={<IconReceipt size="1rem" aria-hidden="true" />}>{t(sent ? 'purchases:scan.other' : 'purchases:scan.choose')}</Button>}
        </FileButton>
        <span className="small muted grow">{sent ? sent.name : t('purchases:scan.about')}</span>
        {isBusy && sent ? <Button size="compact-sm" variant="subtle" onClick={receipt.stop}>{t('purchases:scan.stop')}</Button> : sent ? <Button size="compact-sm" variant="subtle" onClick={receipt.clear}>{t('purchases:scan.away')}</Button> : null}
      </div>
      {isBusy ? (
        <div role="status">
          <div className="receipt-bar" role="progressbar" aria-label={t('purchases:scan.reading')} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(done / 100)}><span style={{ inlineSize: `${Math.max(4, done / 100)}%` }} /></div>
          <span className="small muted">{t(sent ? 'purchases:scan.reading' : 'purchases:scan.sending')}</span>
        </div>
      ) : null}
      {error ? <p className="small attention" role="alert">{refusalOf(error, t)}</p> : null}
      {progress?.state === 'failed' ? <p className="small attention" role="alert">{progress.problem ? word(progress.problem) : null} {t('purchases:scan.kept-all-the-same')}</p> : null}
      {progress?.state === 'cancelled' ? <p className="small muted" role="status">{t('purchases:scan.stopped')} {t('purchases:scan.kept-all-the-same')}</p> : null}
      {progress ? <Twice twice={progress.twice} /> : null}
    </div>
  );
}
