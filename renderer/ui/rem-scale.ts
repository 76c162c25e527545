import { useEffect, useState } from 'react';

export interface RemScale {
  /** Root font size over 16 px. */
  readonly scale: number;
  /** One table row, whole px. */
  readonly rowPx: number;
}

function measure(): RemScale {
  const style = getComputedStyle(document.documentElement);
  const rem = Number.parseFloat(style.fontSize) || 16;
  const row = Number.parseFloat(style.getPropertyValue('--rd-row')) || 2.25;
  return { scale: rem / 16, rowPx: Math.round(row * rem) };
}

/** Tables count in px and must follow text size and density: both are read anew when the window or the root's attributes change. */
export function useRemScale(): RemScale {
  const [scale, setScale] = useState(measure);
  useEffect(() => {
    const read = () => setScale((old) => {
      const next = measure();
      return next.rowPx === old.rowPx && next.scale === old.scale ? old : next;
    });
    read();
    const observer = new MutationObserver(read);
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class', 'data-density'] });
    window.addEventListener('resize', read);
    return () => { observer.disconnect(); window.removeEventListener('resize', read); };
  }, []);
  return scale;
}
