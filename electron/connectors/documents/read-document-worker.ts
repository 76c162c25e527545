/** The thread that reads documents: what a hostile file can make it do ends with it. One task at a time. */
import { parentPort, workerData } from 'node:worker_threads';
import { createWorker, PSM, type Page, type Worker } from 'tesseract.js';
import { DocumentError } from '#engine/receipt-reading/ports.ts';
import { messageOf } from '#kernel/errors.ts';
import { arrangeRows, type PlacedWord } from './arrange-rows.ts';
import { readPdf } from './read-pdf.ts';
import type { WorkerAnswer, WorkerSetup, WorkerTask } from './worker-messages.ts';

const port = parentPort!;
const setup = workerData as WorkerSetup;
const say = (answer: WorkerAnswer): void => port.postMessage(answer);

let recognizer: Promise<Worker> | null = null;

/** The language lies beside the program: a folder, never an address, and nothing is kept elsewhere. */
function recognizerOf(): Promise<Worker> {
  recognizer ??= createWorker('eng', 1, {
    workerPath: setup.workerPath, langPath: setup.langPath, cacheMethod: 'none', gzip: true,
    logger: ({ status, progress }) => {
      if (status === 'recognizing text') say({ kind: 'progress', done: progress });
    },
    errorHandler: () => { /* the call itself fails with it */ },
  }).then(async (worker) => {
    await worker.setParameters({ tessedit_pageseg_mode: PSM.SINGLE_BLOCK, preserve_interword_spaces: '1', user_defined_dpi: '300' });
    return worker;
  });
  return recognizer;
}

function wordsOf(page: Page): PlacedWord[] {
  const lines = (page.blocks ?? []).flatMap(({ paragraphs }) => paragraphs.flatMap((paragraph) => paragraph.lines));
  return lines.flatMap((line) => line.words.map((word) => ({ text: word.text, left: word.bbox.x0, right: word.bbox.x1, top: word.bbox.y0, bottom: word.bbox.y1, confidence: word.confidence })));
}

/** Less is dirt on the paper. */
const LEAST_CONFIDENCE = 15;

async function readPicture(png: Uint8Array): Promise<WorkerAnswer> {
  const worker = await recognizerOf();
  const { data } = await worker.recognize(Buffer.from(png), { rotateAuto: true }, { text: false, blocks: true });
  const rows = arrangeRows(wordsOf(data).filter(({ confidence }) => confidence >= LEAST_CONFIDENCE));
  return { kind: 'lines', lines: rows.map(({ text, confidence }) => ({ text, confidenceBp: Math.round(Math.min(100, Math.max(0, confidence)) * 100) })) };
}

port.on('message', (task: WorkerTask) => {
  const work = task.kind === 'pdf' ? readPdf(task.bytes, (done) => say({ kind: 'progress', done })) : readPicture(task.png);
  void work.catch((error: unknown): WorkerAnswer => (error instanceof DocumentError ? { kind: 'failed', code: error.code, message: error.message } : { kind: 'failed', code: 'damaged', message: messageOf(error) })).then(say);
});
