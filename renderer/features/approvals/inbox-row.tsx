import { Button } from '@mantine/core';
import { IconArrowRight, IconTargetArrow, IconUsers, IconVersions } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { InboxItem } from '#contract/approvals.ts';
import type { Reason } from '#contract/shared.ts';
import { useEngineNow } from '../../ui/engine-clock.ts';
import { useFormat } from '../../ui/format.ts';
import { KeyHint } from '../../ui/key-hint.tsx';
import { Money } from '../../ui/money.tsx';
import { useWordReason } from '../../ui/reason.tsx';

const LOOK = { opportunity: IconTargetArrow, second: IconUsers, again: IconVersions } as const;
const SOON_MS = 6 * 3_600_000;

function Expiry({ at }: { readonly at: number | null }) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useEngineNow();
  if (at === null) return null;
  return <span className={at - now < SOON_MS ? 'attention' : 'muted'}><time dateTime={new Date(at).toISOString()} title={format.dateTime(at)}>{t('approvals:expires', { when: format.relative(at, now) })}</time></span>;
}

function Drift({ item }: { readonly item: InboxItem }) {
  const { t } = useTranslation();
  const format = useFormat();
  const word = useWordReason();
  if (item.drift.length === 0) return item.reason ? <p className="small">{word(item.reason)}</p> : null;
  const shown = (value: InboxItem['drift'][number]['before']) => (typeof value === 'number' ? format.number(value) : format.money(value));
  return (
    <dl className="inbox-drift">
      {item.drift.map((drift) => (
        <div key={drift.code}><dt className="small muted">{t(`approvals:drift.${drift.code}`)}</dt><dd className="num"><span className="visually-hidden">{t('approvals:before')} </span><s className="muted">{shown(drift.before)}</s> <IconArrowRight size="0.875rem" aria-hidden="true" /> <span className="visually-hidden">{t('approvals:now')} </span><strong>{shown(drift.after)}</strong></dd></div>
      ))}
    </dl>
  );
}

interface RowProps {
  readonly item: InboxItem;
  readonly active: boolean;
  /** Why it cannot be approved just now. */
  readonly blockedBy: readonly Reason[];
  readonly onActivate: () => void;
  readonly onApprove: () => void;
  readonly onRefuse: () => void;
}

/** One decision: what it is, what it costs, what it earns, and the two buttons. */
export function InboxRow({ item, active, blockedBy, onActivate, onApprove, onRefuse }: RowProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const word = useWordReason();
  const own = useRef<HTMLLIElement>(null);
  useEffect(() => { if (active) own.current?.scrollIntoView({ block: 'nearest' }); }, [active]);
  const Icon = LOOK[item.kind];
  const details = item.kind === 'opportunity' ? ({ to: '/opportunities', search: { open: item.id } } as const) : ({ to: '/purchases', search: { open: item.id } } as const);
  return (
    <li ref={own} className="inbox-item" data-active={active} data-kind={item.kind} aria-current={active ? 'true' : undefined} onMouseDown={onActivate} onFocus={onActivate}>
      <Icon size="1.25rem" stroke={1.7} className={item.kind === 'opportunity' ? 'muted' : 'attention'} aria-hidden="true" />
      <div className="inbox-text">
        <div className="inbox-head"><strong className="truncate" dir="auto" title={item.title}>{item.title}</strong><span className="small"><Expiry at={item.expiresAt} /></span></div>
        <div className="small muted">{t(`approvals:kind.${item.kind}`)} · {t('approvals:quantity', { count: item.quantity, source: item.sourceName })}</div>
        <Drift item={item} />
        {item.consents.length > 0 && item.kind === 'second' ? <div className="small">{t('approvals:agreed', { names: item.consents.map((consent) => `${consent.name} (${t(`approvals:channel.${consent.channel}`, { defaultValue: consent.channel })})`).join(', ') })}</div> : null}
      </div>
      <dl className="inbox-figures">
        <div><dt className="small muted">{t('approvals:total')}</dt><dd><Money value={item.total} strong /></dd></div>
        <div><dt className="small muted">{t('approvals:profit')}</dt><dd><Money value={item.profit} estimated result /></dd></div>
        <div><dt className="small muted">{t('approvals:loss')}</dt><dd className="num">{format.percent(item.lossChanceBp, 0)}</dd></div>
        <div><dt className="small muted">{t('approvals:days')}</dt><dd className="num">≈ {format.number(item.daysToSell)}</dd></div>
      </dl>
      <div className="inbox-actions">
        {item.mayDecide
          ? <Button onClick={onApprove} disabled={blockedBy.length > 0} rightSection={active ? <KeyHint keys="A" /> : undefined}>{t(`approvals:approve.${item.kind}`)}</Button>
          : <span className="small muted inbox-other">{t('approvals:other-person')}</span>}
        <Button variant="default" onClick={onRefuse} rightSection={active ? <KeyHint keys="S" /> : undefined}>{t(`approvals:refuse.${item.kind}`)}</Button>
        <Link {...details} className="small">{t('approvals:details')}</Link>
      </div>
      {blockedBy.length > 0 ? <p className="small inbox-blocked">{blockedBy.map(word).join(' ')}</p> : null}
    </li>
  );
}
