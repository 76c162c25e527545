import { runChild } from './run-child.ts';
import { SCENARIOS } from './scenarios.ts';

await runChild(SCENARIOS);
