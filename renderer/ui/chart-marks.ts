import type uPlot from 'uplot';
import { css, remPx } from './chart-options.ts';
import type { ChartTrade } from './chart-data.ts';

/** Own trades as triangles at their price: bought points up, sold points down; never by colour alone. */
export function drawTrades(u: uPlot, trades: readonly ChartTrade[]): void {
  if (trades.length === 0 || !u.series.some((s, i) => i > 0 && s.show !== false && s.scale === 'minor')) return;
  const { ctx, bbox } = u;
  const size = 0.3125 * remPx() * devicePixelRatio;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.setLineDash([]);
  for (const { kind, at, price } of trades) {
    const x = u.valToPos(at / 1_000, 'x', true);
    // one that lies beyond the prices shown stands at the edge
    const y = Math.max(bbox.top + size, Math.min(bbox.top + bbox.height - size, u.valToPos(price.minor, 'minor', true)));
    const up = kind === 'bought' ? -1 : 1;
    ctx.beginPath();
    ctx.moveTo(x, y + up * size);
    ctx.lineTo(x - size, y - up * size);
    ctx.lineTo(x + size, y - up * size);
    ctx.closePath();
    ctx.fillStyle = kind === 'bought' ? css('--rd-surface') : css('--rd-text');
    ctx.strokeStyle = css('--rd-text');
    ctx.lineWidth = 1.5 * devicePixelRatio;
    ctx.fill();
    ctx.stroke();
  }
  ctx.restore();
}
