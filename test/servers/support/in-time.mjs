// The time limit of docs/stores.md, as it stands there.

export const inTime = (store, milliseconds) => ({
  claim(id, step) {
    const limit = AbortSignal.timeout(milliseconds);
    const late = new Promise((_, reject) => {
      limit.addEventListener('abort', () => reject(limit.reason));
    });
    return Promise.race([store.claim(id, step), late]);
  },
});
