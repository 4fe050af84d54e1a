// Writes docs/evidence/libraries.md: `npm run bench:libraries`.
import { writeFileSync } from 'node:fs';
import { pageOfLibraries } from './support/corpus.mjs';

writeFileSync(new URL('../../docs/evidence/libraries.md', import.meta.url), pageOfLibraries());
