import { Button, Checkbox, Textarea } from '@mantine/core';
import { IconHandStop, IconRobot } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TalkDetail } from '#contract/negotiations.ts';
import type { Money as Amount } from '#kernel/money.ts';
import { orpc } from '../../rpc/client.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { useTimeline } from '../../ui/event-data.tsx';
import { FieldList } from '../../ui/field-list.tsx';
import { useFormat } from '../../ui/format.ts';
import { KeyHint } from '../../ui/key-hint.tsx';
import { MoneyInput } from '../../ui/money-input.tsx';
import { Money } from '../../ui/money.tsx';
import { notify } from '../../ui/notify.tsx';
import { useWordReason } from '../../ui/reason.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { useShortcuts } from '../../ui/shortcuts.ts';
import { DetailSkeleton, ErrorState } from '../../ui/states.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { Timeline } from '../../ui/timeline.tsx';
import { TalkThread } from './talk-thread.tsx';
import { isTalkOver, talkTone } from './tone.ts';
import { useSettle } from './use-settle.ts';

/** Why the strategy did what it did, and what it believes of the seller. */
function Reasoning({ talk }: { readonly talk: TalkDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { reasoning } = talk;
  if (!reasoning) return <p className="muted">{t('negotiations:no-reasoning')}</p>;
  const most = Math.max(1, ...reasoning.curve.map((point) => point.chanceBp));
  return (
    <div className="stack">
      <p>{t(`negotiations:move.${reasoning.move}`, { amount: reasoning.amount ? format.money(reasoning.amount) : '' })} {t(`negotiations:move-reason.${reasoning.reason}`)}</p>
      <FieldList sparse fields={[
        [t('negotiations:fact.chance'), format.percent(reasoning.chanceBp, 0)], [t('negotiations:fact.offers'), `${format.number(reasoning.offersMade)} / ${format.number(reasoning.mostOffers)}`],
        [t('negotiations:fact.working'), <Money key="v" value={reasoning.working} />], [t('negotiations:fact.own-talks'), format.number(reasoning.ownTalks)], [t('negotiations:fact.decided'), <RelativeTime key="v" at={reasoning.at} />],
      ]} />
      <table className="talk-odds">
        <caption className="small muted">{t('negotiations:odds')}</caption>
        <thead><tr><th scope="col">{t('negotiations:price')}</th><th scope="col">{t('negotiations:odds-taken')}</th></tr></thead>
        <tbody>{reasoning.curve.filter((_, i) => i % 2 === 0).map((point) => (
          <tr key={point.price.minor}><td className="num">{format.money(point.price)}</td><td><span className="talk-bar" style={{ inlineSize: `${(point.chanceBp / most) * 8}rem` }} aria-hidden="true" /> <span className="num">{format.percent(point.chanceBp, 0)}</span></td></tr>
        ))}</tbody>
      </table>
    </div>
  );
}

/** While the person has the talk: their own words. */
function WriteOwn({ talk }: { readonly talk: TalkDetail }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [amount, setAmount] = useState<Amount | null>(null);
  const [valid, setValid] = useState(true);
  const write = useMutation(orpc.negotiations.write.mutationOptions(useSettle(() => { setText(''); notify({ message: t('negotiations:written') }); })));
  return (
    <form className="stack section" onSubmit={(event) => { event.preventDefault(); if (valid && text.trim()) write.mutate({ id: talk.id, version: talk.version, text, amount }); }}>
      <Textarea label={t('negotiations:own')} description={t('negotiations:own-note')} autosize minRows={3} value={text} onChange={(event) => setText(event.currentTarget.value)} dir="auto" />
      <MoneyInput label={t('negotiations:own-amount')} value={null} currency={talk.asked.currency} optional onChange={(value, ok) => { setAmount(value); setValid(ok); }} />
      <Button type="submit" size="sm" loading={write.isPending} disabled={!valid || text.trim() === ''} style={{ alignSelf: 'flex-end' }}>{t('negotiations:send-own')}</Button>
    </form>
  );
}

function Paste({ talk }: { readonly talk: TalkDetail }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const paste = useMutation(orpc.negotiations.paste.mutationOptions(useSettle(() => setText(''))));
  return (
    <form className="stack section" onSubmit={(event) => { event.preventDefault(); if (text.trim()) paste.mutate({ id: talk.id, version: talk.version, text }); }}>
      <Textarea label={t('negotiations:paste')} description={t('negotiations:paste-note')} autosize minRows={2} value={text} onChange={(event) => setText(event.currentTarget.value)} dir="auto" />
      <Button type="submit" size="sm" variant="default" loading={paste.isPending} disabled={text.trim() === ''} style={{ alignSelf: 'flex-end' }}>{t('negotiations:paste-action')}</Button>
    </form>
  );
}

function Actions({ talk }: { readonly talk: TalkDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [asking, ask] = useState<'walk' | null>(null);
  const takeOver = useMutation(orpc.negotiations.takeOver.mutationOptions(useSettle()));
  const handBack = useMutation(orpc.negotiations.handBack.mutationOptions(useSettle()));
  const accept = useMutation(orpc.negotiations.accept.mutationOptions(useSettle(() => notify({ message: t('negotiations:accepting') }))));
  const end = useMutation(orpc.negotiations.end.mutationOptions(useSettle(() => ask(null))));
  const buy = useMutation(orpc.negotiations.buy.mutationOptions(useSettle(() => notify({ message: t('negotiations:bought') }))));
  const at = { id: talk.id, version: talk.version };
  const over = isTalkOver(talk.state);
  const taken = talk.state === 'taken-over';
  const acceptable = !over && talk.theirLast !== null && talk.theirLast.minor <= talk.ceiling.minor;
  useShortcuts([
    { keys: ['t'], shown: 'T', label: t('negotiations:take-over'), run: () => takeOver.mutate(at) },
  ], !over && !taken && !takeOver.isPending);
  if (over) return (
    <footer className="detail-foot">
      {talk.state === 'agreed' && !talk.purchaseId && talk.agreed ? <Button size="sm" loading={buy.isPending} onClick={() => buy.mutate(at)}>{t('negotiations:buy', { amount: format.money(talk.agreed) })}</Button> : null}
      {talk.purchaseId ? <Button size="sm" variant="default" component={Link} to="/purchases" search={{ open: talk.purchaseId } as never}>{t('negotiations:open-purchase')}</Button> : null}
      <span className="grow" />
      <Button size="sm" variant="subtle" component={Link} to="/opportunities" search={{ open: talk.opportunityId } as never}>{t('negotiations:opportunity')}</Button>
    </footer>
  );
  return (
    <footer className="detail-foot">
      {taken || talk.state === 'needs-person' ? <Button size="sm" variant={taken ? 'filled' : 'default'} loading={handBack.isPending} leftSection={<IconRobot size="1rem" />} onClick={() => handBack.mutate(at)}>{t('negotiations:hand-back')}</Button> : null}
      {taken ? null : <Button size="sm" loading={takeOver.isPending} leftSection={<IconHandStop size="1rem" />} rightSection={<KeyHint keys="T" />} onClick={() => takeOver.mutate(at)}>{t('negotiations:take-over')}</Button>}
      {acceptable && talk.theirLast ? <Button size="sm" variant="default" loading={accept.isPending} onClick={() => accept.mutate(at)}>{t('negotiations:accept', { amount: format.money(talk.theirLast) })}</Button> : null}
      <span className="grow" />
      <Button size="sm" variant="subtle" onClick={() => ask('walk')}>{t('negotiations:walk')}</Button>
      <Confirm opened={asking === 'walk'} onClose={() => ask(null)} title={t('negotiations:walk-title')} action={t('negotiations:walk')} busy={end.isPending} onConfirm={() => end.mutate({ ...at, outcome: 'walked-away' })}><p>{t('negotiations:walk-text')}</p></Confirm>
    </footer>
  );
}

/** One talk: where it stands, the messages, why the strategy does what it does, and a person's hand on all of it. */
export function TalkPanel({ id }: { readonly id: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const word = useWordReason();
  const timeline = useTimeline('negotiations');
  const review = useMutation(orpc.negotiations.setReview.mutationOptions(useSettle()));
  const { data: talk, error, isPending, refetch } = useQuery(orpc.negotiations.get.queryOptions({ input: { id } }));
  if (isPending) return <DetailSkeleton />;
  if (error && !talk) return <ErrorState error={error} onRetry={() => void refetch()} />;
  const over = isTalkOver(talk.state);
  return (
    <article className="detail">
      <header className="detail-head"><h2>{talk.title}</h2><p className="small muted">{[talk.sellerName, t(`negotiations:channel.${talk.channel}`), talk.recipient, talk.sourceName].filter(Boolean).join(' · ')}</p></header>
      <div className="detail-body" tabIndex={0} role="region" aria-label={t('negotiations:detail')}>
        <div className="section stack">
          <div className="row"><StatusBadge tone={talkTone(talk.state)} label={t(`negotiations:state.${talk.state}`)} /><span className="small muted">{t(`negotiations:state-note.${talk.state}`)}</span></div>
          {talk.endReason ? <div className="notice" role="note">{word(talk.endReason)}</div> : null}
          <FieldList fields={[
            [t('negotiations:fact.asked'), <Money key="v" value={talk.asked} />], [t('negotiations:fact.ours'), talk.ourLast ? <Money key="v" value={talk.ourLast} /> : null], [t('negotiations:fact.theirs'), talk.theirLast ? <Money key="v" value={talk.theirLast} /> : null],
            [t('negotiations:fact.agreed'), talk.agreed ? <Money key="v" value={talk.agreed} /> : null],
            [t('negotiations:fact.ceiling'), <span key="v"><Money value={talk.ceiling} /> <span className="small muted">{t('negotiations:private')}</span></span>],
            [t('negotiations:fact.next'), talk.nextStep ? <span key="v">{t(`negotiations:next.${talk.nextStep}`)}{talk.nextAt ? ` · ${format.dateTime(talk.nextAt)}` : ''}</span> : null],
          ]} />
          {over ? null : <Checkbox label={t('negotiations:review')} checked={talk.review} disabled={review.isPending} onChange={(event) => review.mutate({ id: talk.id, version: talk.version, review: event.currentTarget.checked })} />}
        </div>
        <section className="section"><h2>{t('negotiations:thread')}</h2><TalkThread talk={talk} /></section>
        {talk.state === 'taken-over' ? <WriteOwn talk={talk} /> : null}
        {!over && (talk.channel === 'by-hand' || talk.state === 'taken-over') && talk.ourLast ? <Paste talk={talk} /> : null}
        <section className="section"><h2>{t('negotiations:reasoning')}</h2><Reasoning talk={talk} /></section>
        <section className="section">
          <h2>{t('negotiations:approval')}</h2>
          <FieldList fields={[[t('negotiations:fact.by'), talk.approvedBy], [t('negotiations:fact.at'), <RelativeTime key="v" at={talk.approvedAt} />], [t('negotiations:fact.expires'), <RelativeTime key="v" at={talk.expiresAt} />], [t('negotiations:fact.evidence'), <code key="v" className="small">{talk.evidenceSha256.slice(0, 16)}…</code>]]} />
        </section>
        <section className="section"><h2>{t('negotiations:timeline')}</h2><Timeline events={timeline(talk.events)} /></section>
      </div>
      <Actions key={talk.version} talk={talk} />
    </article>
  );
}
