// Shows how long the app's present code lasts.
const PERIOD = 30;
for (const place of document.querySelectorAll('[data-countdown]')) {
  const tell = () => {
    const left = PERIOD - (Math.floor(Date.now() / 1000) % PERIOD);
    place.textContent = `The next code comes in ${left} second${left === 1 ? '' : 's'}.`;
  };
  tell();
  place.hidden = false;
  setInterval(tell, 1000);
}
