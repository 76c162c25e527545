import { Button, Menu, Textarea } from '@mantine/core';
import { IconMessage2, IconSend } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { ticketDetail } from '#contract/support.ts';
import { orpc } from '../../rpc/client.ts';
import { describeError } from '../../rpc/describe-error.ts';
import { FieldList } from '../../ui/field-list.tsx';
import { KeyHint } from '../../ui/key-hint.tsx';
import { notify, notifyError } from '../../ui/notify.tsx';
import { useShortcuts } from '../../ui/shortcuts.ts';

type Ticket = z.infer<typeof ticketDetail>;

/** The draft with its facts beside it: one key sends it as it stands, typing changes it, and what it must not promise is named. */
export function ReplyBox({ ticket, onSent }: { readonly ticket: Ticket; readonly onSent: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(ticket.draft?.text ?? '');
  const [problems, setProblems] = useState<readonly string[]>([]);
  const policy = useQuery(orpc.support.policy.queryOptions());
  const send = useMutation(orpc.support.send.mutationOptions({
    onSuccess: () => { notify({ message: t('support:sent') }); onSent(); },
    onError: (error) => {
      const described = describeError(error, t);
      if (described.code === 'PROMISE') setProblems(described.data['problems'] as string[]);
      else notifyError(error, t);
    },
    onSettled: () => void queries.invalidateQueries({ queryKey: orpc.support.key() }),
  }));
  const submit = (despite = false) => { if (text.trim() !== '' && !send.isPending) send.mutate({ id: ticket.id, version: ticket.version, text: text.trim(), despite }); };
  useShortcuts([
    { keys: ['s'], shown: 'S', label: t('support:send'), run: () => submit() },
    { keys: ['e'], shown: 'E', label: t('support:edit'), run: () => field.current?.focus() },
    { keys: ['mod+Enter'], shown: 'Ctrl Enter', label: t('support:send'), run: () => submit(), inFields: true },
  ]);
  const canned = policy.data?.value.canned ?? [];
  return (
    <section className="section ticket-reply-box" aria-label={t('support:reply')}>
      <div className="ticket-reply">
        <div className="stack">
          <Textarea ref={field} label={ticket.draft ? t(`support:draft-by.${ticket.draft.author}`) : t('support:reply')} autosize minRows={4} maxRows={16} dir="auto" maxLength={2_000} value={text} onChange={(event) => { setText(event.currentTarget.value); setProblems([]); }} />
          {problems.length > 0 ? (
            <div className="notice" role="alert">
              <p>{t('support:objects')}</p>
              <ul>{problems.map((problem) => <li key={problem}>{t(problem === 'promise:other' ? 'support:problem.promise-other' : `support:problem.${problem.split(':')[0]}`, { what: problem.split(':').slice(1).join(':') })}</li>)}</ul>
              <Button size="compact-sm" variant="default" loading={send.isPending} onClick={() => submit(true)}>{t('support:send-despite')}</Button>
            </div>
          ) : null}
          <div className="row">
            <Button size="sm" leftSection={<IconSend size="1rem" />} rightSection={<KeyHint keys="S" />} loading={send.isPending} disabled={text.trim() === ''} onClick={() => submit()}>{t('support:send')}</Button>
            {canned.length > 0 ? (
              <Menu position="bottom-start">
                <Menu.Target><Button size="sm" variant="default" leftSection={<IconMessage2 size="1rem" />}>{t('support:canned')}</Button></Menu.Target>
                <Menu.Dropdown>{canned.map((one) => <Menu.Item key={one.name} onClick={() => { setText(one.text); field.current?.focus(); }}>{one.name}</Menu.Item>)}</Menu.Dropdown>
              </Menu>
            ) : null}
          </div>
        </div>
        {ticket.draft ? <aside className="ticket-facts" aria-label={t('support:facts')}><h3>{t('support:facts')}</h3><FieldList fields={ticket.draft.facts.map((fact) => [t(`support:fact.${fact.key}`), fact.key === 'return-postage' ? t(`support:postage.${fact.value}`) : fact.value])} /></aside> : null}
      </div>
    </section>
  );
}
