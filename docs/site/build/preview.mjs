// Serves the built site on loopback: `npm run site:preview`, with PORT for another port than 4173.
import { existsSync } from 'node:fs';
import { SITE, serveSite } from './serve.mjs';

if (!existsSync(`${SITE}index.html`)) {
  process.stderr.write('The site is not built: npm run site\n');
  process.exit(1);
}
const { address } = await serveSite(Number(process.env.PORT ?? 4173));
process.stdout.write(`The site: ${address}\n`);
