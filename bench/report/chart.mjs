// The bar chart of docs/evidence/performance.md: microseconds a verification, from a prepared key and from base32
// text. Drawn here, so that `npm run bench` needs no install: a chart library weighs megabytes.

const WIDTH = 860;
const LABELS = 250;
const VALUES = 90;
const TOP = 96;
const ROW = 40;
const BAR = 14;
const PLOT = WIDTH - LABELS - VALUES;

const STYLE = `
text{font:13px system-ui,-apple-system,"Segoe UI",sans-serif;fill:#1f2328}
.title{font-size:17px;font-weight:600}.note{font-size:12px;fill:#59636e}
.axis{font-size:11px;fill:#59636e}.grid{stroke:#d1d9e0;stroke-width:1}
.prepared{fill:#6e7781}.text{fill:#b7c0c9}
.ours .prepared{fill:#0b6bcb}.ours .text{fill:#86b9ea}.ours .name{font-weight:600}
@media (prefers-color-scheme:dark){text{fill:#f0f6fc}.note,.axis{fill:#9198a1}
.grid{stroke:#3d444d}.prepared{fill:#9198a1}.text{fill:#545c65}
.ours .prepared{fill:#4c9bf0}.ours .text{fill:#2b65a0}}`;

const escapes = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text) => text.replace(/[&<>"]/g, (character) => escapes[character]);

/** Labelled ticks of a logarithmic axis: 1, 2 and 5 of every decade in reach. */
function ticksOf(low, high) {
  const ticks = [];
  for (let decade = -3; decade <= 3; decade++) {
    for (const digit of [1, 2, 5]) {
      const tick = Number(`${digit}e${decade}`);
      if (tick >= low && tick <= high) ticks.push(tick);
    }
  }
  return ticks;
}

const micros = (value) => `${value >= 10 ? value.toFixed(0) : value.toFixed(2)} µs`;

function bar(className, y, median, x) {
  const width = Math.max(1, x(median) - LABELS).toFixed(1);
  return (
    `<rect class="${className}" x="${LABELS}" y="${y}" width="${width}" height="${BAR}" rx="2"/>` +
    `<text class="axis" x="${(x(median) + 6).toFixed(1)}" y="${y + 11}">${micros(median)}</text>`
  );
}

/** One subject: its name, and a bar for each form of key that it has. */
function group({ label, kind, prepared, text }, index, x) {
  const y = TOP + index * ROW;
  const bars = [
    prepared === undefined ? '' : bar('prepared', y, prepared, x),
    text === undefined ? '' : bar('text', y + BAR + 2, text, x),
  ];
  return (
    `<g class="${kind}"><text class="name" x="${LABELS - 10}" y="${y + 20}" text-anchor="end">` +
    `${escaped(label)}</text>${bars.join('')}</g>`
  );
}

function legend() {
  const entry = (x, className, text) =>
    `<rect class="${className}" x="${x}" y="58" width="12" height="12" rx="2"/>` +
    `<text class="note" x="${x + 18}" y="68">${text}</text>`;
  return (
    entry(LABELS, 'prepared', 'key prepared') + entry(LABELS + 130, 'text', 'from base32 text')
  );
}

/** Subjects with the medians of both rows, the fastest first. */
export function barsOf(rows) {
  const bars = new Map();
  for (const form of ['prepared', 'text']) {
    const row = rows.find(({ id }) => id === `SHA1:verify:${form}:1:wrong`);
    for (const { id, label, kind, median } of row?.results ?? []) {
      bars.set(id, { ...bars.get(id), id, label, kind, [form]: median });
    }
  }
  const order = (bar) => bar.text ?? bar.prepared;
  return [...bars.values()].sort((a, b) => order(a) - order(b));
}

/** The chart as SVG, or undefined if its rows were not run. */
export function drawChart({ machine, command, rows }) {
  const bars = barsOf(rows);
  if (bars.length === 0) return undefined;
  const all = bars.flatMap(({ prepared, text }) => [prepared, text].filter(Number.isFinite));
  // A logarithmic axis has no zero: it begins a little below the shortest bar.
  const [low, high] = [Math.min(...all) / 2, Math.max(...all)];
  const x = (value) => LABELS + (PLOT * Math.log(value / low)) / Math.log(high / low);
  const bottom = TOP + bars.length * ROW;
  const grid = ticksOf(low, high).map(
    (tick) =>
      `<line class="grid" x1="${x(tick).toFixed(1)}" x2="${x(tick).toFixed(1)}" y1="${TOP - 10}" y2="${bottom}"/>` +
      `<text class="axis" x="${x(tick).toFixed(1)}" y="${bottom + 16}" text-anchor="middle">${tick}</text>`,
  );
  const about = [
    `${machine.cpu}, ${machine.cores} cores · ${machine.runtime.split(',')[0]} · ${machine.date.slice(0, 10)} · ${command}`,
    'Microseconds, median of interleaved rounds; logarithmic axis. Shorter is better.',
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${bottom + 64}" viewBox="0 0 ${WIDTH} ${bottom + 64}" role="img">
<title>Microseconds to verify a TOTP code</title>
<style>${STYLE}</style>
<text class="title" x="16" y="28">Verifying a TOTP code: SHA-1, 6 digits, window 1, a wrong code</text>
<text class="note" x="16" y="47">${about[1]}</text>
${legend()}
${grid.join('\n')}
${bars.map((one, index) => group(one, index, x)).join('\n')}
<text class="axis" x="${LABELS + PLOT / 2}" y="${bottom + 34}" text-anchor="middle">microseconds a verification (log scale)</text>
<text class="note" x="16" y="${bottom + 56}">${escaped(about[0])}</text>
</svg>
`;
}
