// npm run ready: exactly what CI runs, which is the README's test command.
import './test.mjs';
