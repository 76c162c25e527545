import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { orpc } from '../../rpc/client.ts';
import { notify, notifyError } from '../../ui/notify.tsx';
import { saveBytes } from '../../ui/save-text.ts';

/** Makes a file of the report and hands it to the person. */
export function useExport() {
  const { t } = useTranslation();
  return useMutation(orpc.reports.export.mutationOptions({
    onSuccess: ({ name, rows, contentBase64 }) => {
      saveBytes(name, Uint8Array.from(atob(contentBase64), (c) => c.charCodeAt(0)));
      notify({ message: t('reports:exported', { count: rows, name }) });
    },
    onError: (error) => notifyError(error, t),
  }));
}
