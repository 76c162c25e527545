import { ActionIcon, Button, Menu, Modal, TextInput } from '@mantine/core';
import { IconBookmark, IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { orpc } from '../rpc/client.ts';
import { isSameView } from './alerts.ts';
import { notify, notifyError } from './notify.tsx';
import { compact } from './search-params.ts';

export interface SavedView { readonly id: string; readonly name: string; readonly query: Readonly<Record<string, unknown>> }

interface SavedViewsProps {
  /** The list's name; views are kept under it. */
  readonly page: string;
  /** The address as it is now. */
  readonly search: object;
  readonly onPick: (query: Readonly<Record<string, unknown>>) => void;
  /** Beside the button's own words. */
  readonly badge?: ReactNode;
  /** Beside a view's name, and what can be done with it. */
  readonly mark?: (view: SavedView) => ReactNode;
  readonly action?: (view: SavedView) => ReactNode;
  /** Asked with a new view's name; `onSaved` learns of it. */
  readonly ask?: ReactNode;
  readonly onSaved?: (view: SavedView) => void;
  /** Asked before a view is deleted: what is to be done with the one that Undo makes of it. */
  readonly restoring?: ((view: SavedView) => (made: SavedView) => void) | undefined;
}

/** What of an address a view keeps: not which row is open. */
const kept = (search: object): Record<string, unknown> => { const { open: _open, new: _new, ...rest } = search as Record<string, unknown>; return compact(rest); };

function useViews({ page, onSaved, restoring }: Pick<SavedViewsProps, 'page' | 'onSaved' | 'restoring'>) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const views = useQuery(orpc.system.views.queryOptions({ input: { page } })).data ?? [];
  // a view takes what it tells of with it
  const settle = { onSettled: () => { for (const area of [orpc.system.views, orpc.alerts]) void queries.invalidateQueries({ queryKey: area.key() }); }, onError: (error: unknown) => notifyError(error, t) };
  const save = useMutation(orpc.system.saveView.mutationOptions({ ...settle, onSuccess: (view) => onSaved?.(view) }));
  const remove = useMutation(orpc.system.deleteView.mutationOptions(settle));
  const removeView = (view: SavedView) => {
    if (remove.isPending) return;
    const restore = restoring?.(view);
    const undo = () => save.mutate({ page, name: view.name, query: { ...view.query } }, { onSuccess: (made) => restore?.(made) });
    remove.mutate({ id: view.id }, { onSuccess: () => notify({ message: t('common:views.deleted', { name: view.name }), action: { label: t('common:undo'), run: undo } }) });
  };
  return { views, save, removeView };
}

/** Filters and order of a list, kept under a name. */
export function SavedViews({ page, search, onPick, badge, mark, action, ask, onSaved, restoring }: SavedViewsProps) {
  const { t } = useTranslation();
  const [naming, setNaming] = useState(false);
  const [name, setName] = useState('');
  const button = useRef<HTMLButtonElement>(null);
  const { views, save, removeView } = useViews({ page, restoring, onSaved: (view) => { setNaming(false); setName(''); onSaved?.(view); } });
  const now = kept(search);
  const current = views.find((view) => isSameView(view.query, now));
  return (
    <>
      <Menu position="bottom-end" width={300} returnFocus>
        <Menu.Target><Button ref={button} variant="default" leftSection={<IconBookmark size="0.875rem" />} maw="14rem">{current ? <><span className="visually-hidden">{t('common:views.label')}: </span><span className="truncate">{current.name}</span></> : t('common:views.label')}{badge}</Button></Menu.Target>
        <Menu.Dropdown>
          {views.map((view) => (
            <div key={view.id} className="row">
              <Menu.Item onClick={() => onPick(view.query)} aria-current={view === current ? 'true' : undefined} fw={view === current ? 650 : undefined}>{view.name}{mark?.(view)}</Menu.Item>
              {action?.(view)}
              <ActionIcon size="sm" aria-label={t('common:views.delete', { name: view.name })} onClick={() => removeView(view)}><IconTrash size="0.875rem" /></ActionIcon>
            </div>
          ))}
          {views.length === 0 ? <Menu.Label>{t('common:views.none')}</Menu.Label> : <Menu.Divider />}
          <Menu.Item onClick={() => setNaming(true)}>{t('common:views.save')}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal opened={naming} onClose={() => setNaming(false)} onExitTransitionEnd={() => button.current?.focus()} returnFocus={false} title={<strong>{t('common:views.save')}</strong>} size="sm" closeButtonProps={{ 'aria-label': t('common:close') }}>
        <form className="stack" onSubmit={(event) => { event.preventDefault(); if (name.trim()) save.mutate({ page, name: name.trim(), query: now }); }}>
          <TextInput label={t('common:views.name')} value={name} maxLength={80} onChange={(event) => setName(event.currentTarget.value)} data-autofocus />
          {ask}
          <Button type="submit" disabled={!name.trim()} loading={save.isPending} style={{ alignSelf: 'flex-end' }}>{t('common:views.save-button')}</Button>
        </form>
      </Modal>
    </>
  );
}
