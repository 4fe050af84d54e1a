// Installs the libraries that people come from, where they are missing or not of the versions that
// the benchmark's lockfile pins: part of `npm run test:migrating`.
import { ensurePeers } from '../../bench/peers.mjs';

ensurePeers();
