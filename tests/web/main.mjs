// main.mjs HALL.JSON - all themes of the tests in the browser; see run.
import { run } from './suite.mjs';

for (const theme of ['looks', 'figures', 'first', 'fairs', 'roles', 'names',
    'paper', 'live'])
    await import(`./${theme}.mjs`);
process.exit(await run());
