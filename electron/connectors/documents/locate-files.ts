import { createRequire } from 'node:module';
import path from 'node:path';
import type { WorkerSetup } from './worker-messages.ts';

/** In a packed desktop these files lie beside the archive: a thread of their own reads them, which knows no archives. */
const unpacked = (file: string): string => file.replace(/([\\/])app\.asar(?=[\\/])/, '$1app.asar.unpacked');

/** The recognition's own thread and its English data, as the packages bring them. */
export function locateFiles(): WorkerSetup {
  const from = createRequire(import.meta.url);
  const packageOf = (name: string): string => path.dirname(from.resolve(`${name}/package.json`));
  return { workerPath: unpacked(path.join(packageOf('tesseract.js'), 'src/worker-script/node/index.js')), langPath: unpacked(path.join(packageOf('@tesseract.js-data/eng'), '4.0.0_best_int')) };
}
