/** The scenarios that need the whole program: longer to start. */
import { runChild } from './run-child.ts';
import { APP_SCENARIOS } from './app-scenarios.ts';

await runChild(APP_SCENARIOS);
