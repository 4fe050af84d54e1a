// A worker thread that verifies, as a server's would: its own copy of the library, its own keys.
import { parentPort } from 'node:worker_threads';
import { subject } from '../subjects/otpcore.mjs';
import { makeUsers, TIMESTAMP } from '../users.mjs';
import { pass } from './loop.mjs';

const SLICE_CALLS = 200;

const { load, accepts } = subject.verifier('prepared', {
  algorithm: 'SHA1',
  window: 1,
  timestamp: TIMESTAMP,
});
const members = makeUsers('SHA1');
const left = members.map(load);
const call = (key, code) => (accepts(key, code) ? 1 : 0);

parentPort.on('message', ({ which, milliseconds }) => {
  const job = { call, left, right: members.map((user) => user[which]) };
  const end = performance.now() + milliseconds;
  let [users, accepted] = [0, 0];
  while (performance.now() < end) {
    accepted += pass(job, users, SLICE_CALLS);
    users += SLICE_CALLS;
  }
  parentPort.postMessage({ users, accepted });
});
parentPort.postMessage('ready');
