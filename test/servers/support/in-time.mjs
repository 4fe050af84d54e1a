// The time limit of docs/stores.md, as it stands there.

export const inTime = (store, milliseconds) => ({
  async claim(id, step) {
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error('the store is silent')), milliseconds);
    });
    try {
      return await Promise.race([store.claim(id, step), late]);
    } finally {
      clearTimeout(timer);
    }
  },
});
