import { useMutation, useQueryClient, type QueryKey } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { codeOf } from '../../rpc/describe-error.ts';
import { notify, notifyError } from '../../ui/notify.tsx';

interface Versioned<T> { readonly value: T; readonly version: number; readonly updatedAt: number }
interface DraftOptions<T> {
  readonly stored: Versioned<T> | undefined;
  readonly queryKey: QueryKey;
  readonly save: (input: { value: T; version: number }) => Promise<Versioned<T>>;
}

/** An edited copy of a stored settings value: saved with its version, so that a change made elsewhere is never overwritten unseen. `generation` changes when fields must show stored values again. */
export function useDraft<T extends object>({ stored, queryKey, save }: DraftOptions<T>) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [draft, setDraft] = useState<T | null>(null);
  const [wrong, setWrong] = useState<ReadonlySet<string>>(new Set());
  const [generation, setGeneration] = useState(0);
  const reset = () => { setDraft(null); setWrong(new Set()); setGeneration((n) => n + 1); };
  const version = stored?.version;
  useEffect(() => { setGeneration((n) => n + 1); }, [version]);
  const saving = useMutation({
    mutationFn: save,
    onSuccess: (next) => { queries.setQueryData(queryKey, next); reset(); notify({ message: t('settings:saved') }); },
    onError: (error) => { notifyError(error, t); if (codeOf(error) === 'CONFLICT') { reset(); void queries.invalidateQueries({ queryKey }); } },
  });
  const value = draft ?? stored?.value;
  return {
    value, generation, dirty: draft !== null, valid: wrong.size === 0, busy: saving.isPending, reset,
    set: (part: Partial<T>) => setDraft((old) => ({ ...(old ?? stored!.value), ...part })),
    /** Marks a field whose text is no value yet. */
    mark: (field: string, valid: boolean) => setWrong((old) => { const next = new Set(old); if (valid) next.delete(field); else next.add(field); return next; }),
    submit: () => { if (draft && stored && wrong.size === 0) saving.mutate({ value: draft, version: stored.version }); },
  };
}
