// The page's clock, read four times a second while the page is open.
import { onMounted, onUnmounted, type Ref, ref } from 'vue';

const TICK_MS = 250;

export function useNow(): Ref<number> {
  const now = ref(Date.now());
  let timer: ReturnType<typeof setInterval> | undefined;
  onMounted(() => {
    timer = setInterval(() => {
      now.value = Date.now();
    }, TICK_MS);
  });
  onUnmounted(() => clearInterval(timer));
  return now;
}

/** The time of day of a moment, with seconds. */
export function timeOf(timestamp: number): string {
  return new Date(timestamp).toLocaleTimeString('en-GB');
}

/** A code in two halves, as phones show it. */
export function spaced(code: string): string {
  const middle = Math.ceil(code.length / 2);
  return `${code.slice(0, middle)} ${code.slice(middle)}`;
}
