// DynamoDB, by way of dynalite: the two stores under the suites of otpcore, a lost answer, and the
// sign-in of Express over it.
import { createServer } from 'node:http';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testSingleUseStore } from '../../dist/node/testing.js';
import { testFactorStore } from '../../dist/second-factor/testing.js';
import { freePort, HOST } from '../servers/support/server.mjs';
import { serve } from './support/databases.mjs';
import { makeProject, SECRETS } from './support/project.mjs';
import { testSignIn } from './support/sign-in.mjs';

const project = makeProject('dynamodb', {
  'app.mjs': 'express.mjs',
  'second-factor.mjs': 'dynamodb.mjs',
  'users.mjs': 'users.mjs',
});
const env = {
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'none',
  AWS_SECRET_ACCESS_KEY: 'none',
};
const more = { state: 'active', sealedWith: ['k1'], events: [] };

let database;
let front;
let server;
let stores;
/** Reads that may miss a write that was answered. */
let staleReads = 0;
/** While true, the next answer is thrown away after the database has given it. */
let losesNextAnswer = false;

beforeAll(async () => {
  database = dynalite({ createTableMs: 0 });
  const port = await freePort();
  await new Promise((done) => database.listen(port, HOST, done));
  // Else a connection may end just when the next request takes it.
  database.keepAliveTimeout = 0;
  front = createServer((request, response) => {
    request.on('error', () => {});
    const { host, ...headers } = request.headers;
    void (async () => {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      const { method } = request;
      const body = Buffer.concat(chunks);
      const isRead = headers['x-amz-target'].endsWith('.GetItem');
      if (isRead && !JSON.parse(body).ConsistentRead) staleReads += 1;
      const answer = await fetch(`http://${HOST}:${port}/`, { method, headers, body });
      const text = await answer.text();
      if (losesNextAnswer) {
        losesNextAnswer = false;
        response.destroy();
        return;
      }
      response.writeHead(answer.status, { 'Content-Type': 'application/x-amz-json-1.0' }).end(text);
    })();
  });
  front.keepAliveTimeout = 0;
  await new Promise((done) => front.listen(0, HOST, done));
  env.AWS_ENDPOINT_URL_DYNAMODB = `http://${HOST}:${front.address().port}`;
  Object.assign(process.env, SECRETS, env);
  const client = new DynamoDBClient({});
  for (const TableName of ['otp_factors', 'otp_steps']) {
    await client.send(
      new CreateTableCommand({
        TableName,
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        BillingMode: 'PAY_PER_REQUEST',
      }),
    );
  }
  client.destroy();
  stores = await import(project.path('second-factor.mjs'));
  server = await serve(project, () => ['app.mjs'], env);
});
afterAll(async () => {
  await server?.stop();
  front?.closeAllConnections();
  front?.close();
  database?.close();
});

const factorStore = {
  read: (...args) => stores.factorStore.read(...args),
  write: (...args) => stores.factorStore.write(...args),
};

describe('A factor store on DynamoDB', () => {
  testFactorStore(factorStore, test);

  test('rejects when the answer to a write is lost, and the record is kept', async () => {
    losesNextAnswer = true;
    await expect(stores.factorStore.write('lost', '{"n":1}', undefined, more)).rejects.toThrow();
    expect((await factorStore.read('lost'))?.record).toBe('{"n":1}');
  });

  // Why the example sets maxAttempts.
  test('with the retries of the SDK takes its own write for that of another', async () => {
    const text = project.read('second-factor.mjs');
    expect(text).toContain('{ maxAttempts: 1 }');
    project.write('retrying.mjs', text.replace('{ maxAttempts: 1 }', '{}'));
    const retrying = await import(project.path('retrying.mjs'));
    losesNextAnswer = true;
    expect(await retrying.factorStore.write('retried', '{"n":1}', undefined, more)).toBe(false);
    expect((await factorStore.read('retried'))?.record).toBe('{"n":1}');
  });
});

describe('A claim store on DynamoDB', () => {
  testSingleUseStore({ claim: (id, step) => stores.claimStore.claim(id, step) }, test);
});

describe('On Express, over DynamoDB', () => {
  testSignIn(() => ({ send: server.send, store: factorStore }));
});

// dynalite has no replicas, so a stale read would not show there.
test('Every read asks for consistency', () => expect(staleReads).toBe(0));
