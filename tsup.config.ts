import { defineConfig } from 'tsup';
import { makeForms } from './scripts/forms.mjs';

export default defineConfig(makeForms());
