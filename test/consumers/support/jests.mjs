// Jest in the versions that consumers have. It reads `exports` from version 28 on.
import { join } from 'node:path';
import { tools } from './project.mjs';

export const jests = ['jest-27', 'jest-28', 'jest-29', 'jest'].map((folder) => ({
  name: `Jest ${folder === 'jest' ? 30 : folder.slice('jest-'.length)}`,
  program: join(tools, folder, 'bin', 'jest.js'),
  readsExports: folder !== 'jest-27',
  /** Its environment keeps Node's `crypto` from the tests. */
  hidesCrypto: folder === 'jest-27',
}));
