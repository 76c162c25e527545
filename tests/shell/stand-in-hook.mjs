// `node --import ./tests/shell/stand-in-hook.mjs …`: every import of `electron` is answered by the stand-in.
import { registerHooks } from 'node:module';

const standIn = new URL('./electron-stand-in.mjs', import.meta.url).href;
registerHooks({ resolve: (specifier, context, next) => (specifier === 'electron' ? { url: standIn, shortCircuit: true } : next(specifier, context)) });
