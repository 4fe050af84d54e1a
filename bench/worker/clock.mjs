// A clock that stands still, for the libraries that read it themselves and cannot be told the time.
// In its own process, where nothing else looks at it.
const RealDate = Date;

/** Sets `Date.now()` and `new Date()` to a moment, in milliseconds. */
export function stopClock(timestamp) {
  function StoppedDate() {
    return new RealDate(timestamp);
  }
  StoppedDate.prototype = RealDate.prototype;
  StoppedDate.now = () => timestamp;
  globalThis.Date = StoppedDate;
}
