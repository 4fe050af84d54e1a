// Serves the built site on loopback: `npm run site:preview`, with PORT for another port than 4173.
import { serveSite } from './serve.mjs';

const { address } = await serveSite(Number(process.env.PORT ?? 4173));
process.stdout.write(`The site: ${address}\n`);
