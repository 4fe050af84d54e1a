// A store that is wrong, over a real server: it reads, compares and writes. The storm must find it out.
import { createClient } from 'redis';

export async function openBrokenStore({ host, port }) {
  const client = createClient({ socket: { host, port } });
  await client.connect();
  const store = {
    async claim(id, step) {
      const last = await client.get(`otp:${id}`);
      if (last !== null && step <= Number(last)) return false;
      await client.set(`otp:${id}`, String(step));
      return true;
    },
  };
  return { store, end: async () => client.destroy() };
}
