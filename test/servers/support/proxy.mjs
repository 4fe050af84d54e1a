// A TCP proxy on loopback that can lose a request or an answer, and counts round trips.
import { connect, createServer } from 'node:net';
import { HOST } from './server.mjs';

/** What happens to the next request; after a loss, all passes again. */
const PASS = 'pass';
/** The connection is cut and the request never reaches the server. */
const LOSE_REQUEST = 'lose the request';
/** The server gets the request and answers; then the connection is cut, and the answer is lost. */
const LOSE_ANSWER = 'lose the answer';
/** The server gets the request; its answer never comes, and the connection stays open. */
const HOLD_ANSWERS = 'hold the answers';

export async function startProxy(target) {
  const sockets = new Set();
  let mode = PASS;
  /** Turns of a conversation: the server had spoken, or nobody, and then the client speaks. */
  let roundTrips = 0;
  let lostAnswers = 0;

  const server = createServer((client) => {
    const upstream = connect(target.port, target.host);
    let isClientsTurn = true;
    const cut = () => {
      // With a reset and not in good order, as when a machine in between fails.
      client.resetAndDestroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', cut);
      socket.on('close', () => {
        sockets.delete(socket);
        cut();
      });
    }
    client.on('data', (chunk) => {
      if (mode === LOSE_REQUEST) {
        mode = PASS;
        return cut();
      }
      if (isClientsTurn) roundTrips += 1;
      isClientsTurn = false;
      return upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      isClientsTurn = true;
      if (mode === PASS) return client.write(chunk);
      lostAnswers += 1;
      if (mode === HOLD_ANSWERS) return undefined;
      mode = PASS;
      return cut();
    });
  });
  await new Promise((resolve) => server.listen(0, HOST, resolve));

  return {
    host: HOST,
    port: server.address().port,
    loseNextRequest: () => setMode(LOSE_REQUEST),
    loseNextAnswer: () => setMode(LOSE_ANSWER),
    holdAnswers: () => setMode(HOLD_ANSWERS),
    pass: () => setMode(PASS),
    get roundTrips() {
      return roundTrips;
    },
    /** Answers of the server that never reached the client, since the mode was last set. */
    get lostAnswers() {
      return lostAnswers;
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  function setMode(next) {
    mode = next;
    lostAnswers = 0;
  }
}
