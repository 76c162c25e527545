import type { z } from 'zod';
import type { listStage } from '#contract/price-lists.ts';
import type { StatusTone } from '../../ui/status-badge.tsx';

export const TONES: Readonly<Record<z.infer<typeof listStage>, StatusTone>> = { columns: 'idle', passing: 'running', passed: 'done', running: 'running', paused: 'idle', done: 'done' };
