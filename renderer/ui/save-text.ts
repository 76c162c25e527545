/** From a field that is selected, on the person's click: works where the clipboard's own permission is denied, as in the desk's window. */
function copyFromField(text: string): boolean {
  const field = document.createElement('textarea');
  field.value = text;
  field.setAttribute('aria-hidden', 'true');
  field.style.cssText = 'position:fixed;inset-block-start:0;inset-inline-start:-100vw;opacity:0';
  const focused = document.activeElement;
  // inside an open dialog or menu, so that its focus trap does not take the selection away
  (focused?.closest('[role="dialog"], [role="menu"]') ?? document.body).append(field);
  try {
    field.focus({ preventScroll: true });
    field.select();
    return document.execCommand('copy');
  } catch {
    return false;
  } finally {
    field.remove();
    if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
  }
}

/** Puts text on the clipboard; call it from a click. False when neither way is allowed. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyFromField(text);
  }
}

/** Hands the text to the person as a file. */
export const downloadText = (name: string, text: string, type = 'application/json'): void => download(name, new Blob([text], { type: `${type};charset=utf-8` }));

/** Hands the bytes to the person as a file. */
export const saveBytes = (name: string, bytes: Uint8Array<ArrayBuffer>): void => download(name, new Blob([bytes]));

function download(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** A spreadsheet reads UTF-8 rightly only with the mark in front. */
export const downloadCsv = (name: string, text: string): void => downloadText(name, `\ufeff${text}`, 'text/csv');
