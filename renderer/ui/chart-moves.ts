import type uPlot from 'uplot';

/** Seconds; the whole time that there is something to see of. */
export interface Span { readonly min: number; readonly max: number }

/** No closer than half a day, and never beyond what there is. */
const CLOSEST = 43_200;

/** `span` made `factor` times as long around `at`, within `whole`. */
export function zoomSpan(span: Span, at: number, { factor, whole }: { readonly factor: number; readonly whole: Span }): Span {
  const length = Math.min(whole.max - whole.min, Math.max(CLOSEST, (span.max - span.min) * factor));
  const share = (at - span.min) / Math.max(1, span.max - span.min);
  return within({ min: at - length * share, max: at + length * (1 - share) }, whole);
}

/** Moved as a whole until it lies within `whole`. */
export function within(span: Span, whole: Span): Span {
  const length = Math.min(span.max - span.min, whole.max - whole.min);
  const min = Math.max(whole.min, Math.min(span.min, whole.max - length));
  return { min, max: min + length };
}

const spanOf = (u: uPlot): Span => ({ min: u.scales['x']!.min ?? 0, max: u.scales['x']!.max ?? 1 });

/** The wheel zooms around the pointer (sideways it moves), a drag with Shift or the middle button moves; a plain drag is uPlot's own zoom. Answers how to undo it. */
export function bindPointer(u: uPlot, whole: () => Span, show: (span: Span) => void): () => void {
  const { over } = u;
  const wheel = (event: WheelEvent) => {
    event.preventDefault();
    const span = spanOf(u);
    const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY);
    const shift = ((span.max - span.min) * event.deltaX) / Math.max(1, over.clientWidth);
    show(sideways ? within({ min: span.min + shift, max: span.max + shift }, whole()) : zoomSpan(span, u.posToVal(event.offsetX, 'x'), { factor: event.deltaY > 0 ? 1.25 : 0.8, whole: whole() }));
  };
  const press = (event: MouseEvent) => {
    if (!(event.shiftKey && event.button === 0) && event.button !== 1) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const from = spanOf(u);
    const perPx = (from.max - from.min) / Math.max(1, over.clientWidth);
    const move = (e: MouseEvent) => show(within({ min: from.min - (e.clientX - event.clientX) * perPx, max: from.max - (e.clientX - event.clientX) * perPx }, whole()));
    const release = () => { document.removeEventListener('mousemove', move); document.removeEventListener('mouseup', release); };
    document.addEventListener('mousemove', move);
    document.addEventListener('mouseup', release);
  };
  over.addEventListener('wheel', wheel, { passive: false });
  over.addEventListener('mousedown', press, { capture: true });
  return () => { over.removeEventListener('wheel', wheel); over.removeEventListener('mousedown', press, { capture: true }); };
}

/** Arrows move the cursor from point to point (with Shift the time), plus and minus zoom around it. True when the key was taken. */
export function chartKey(u: uPlot, event: Pick<KeyboardEvent, 'key' | 'shiftKey'>, { whole, show, reset }: { readonly whole: Span; readonly show: (span: Span) => void; readonly reset: () => void }): boolean {
  const span = spanOf(u);
  const xs = u.data[0];
  const [first, last] = [u.valToIdx(span.min), u.valToIdx(span.max)];
  const at = u.cursor.idx ?? last;
  const cursorTo = (index: number) => {
    const place = Math.max(first, Math.min(last, index));
    u.setCursor({ left: u.valToPos(xs[place] ?? span.max, 'x'), top: u.over.clientHeight / 2 });
  };
  const step = Math.max(1, Math.round((last - first) / 60));
  const direction = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
  if (direction !== 0 && event.shiftKey) show(within({ min: span.min + (direction * (span.max - span.min)) / 8, max: span.max + (direction * (span.max - span.min)) / 8 }, whole));
  else if (direction !== 0) cursorTo(at + direction * step);
  else if (event.key === 'Home') cursorTo(first);
  else if (event.key === 'End') cursorTo(last);
  else if (event.key === '+' || event.key === '=') show(zoomSpan(span, xs[at] ?? span.max, { factor: 0.7, whole }));
  else if (event.key === '-') show(zoomSpan(span, xs[at] ?? span.max, { factor: 1 / 0.7, whole }));
  else if (event.key === '0' || event.key === 'Escape') reset();
  else return false;
  return true;
}
