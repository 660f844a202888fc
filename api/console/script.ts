/** The one script of the console: it draws the plots of the first page. Everything else works without it. */
export const SCRIPT = `const plots = document.getElementById('plots');
const state = document.getElementById('live-state');
const EVERY_MS = 3000;

const rate = (moments) =>
  moments.slice(1).map((now, at) => {
    const before = moments[at];
    // Redis was emptied in between: the sums began anew.
    return { at: now.at, value: Math.max(0, (now.taken - before.taken) / ((now.at - before.at) / 1000)) };
  });
const lines = {
  texts: rate,
  waiting: (moments) => moments.map(({ at, waiting }) => ({ at, value: waiting })),
  half: (moments) => moments.map(({ at, latency }) => ({ at, value: latency.half })),
  most: (moments) => moments.map(({ at, latency }) => ({ at, value: latency.most })),
};

function draw(figure, points) {
  const last = points.at(-1);
  if (last === undefined) return;
  const highest = Math.max(1, ...points.map(({ value }) => value));
  const first = points[0].at;
  const span = Math.max(1, last.at - first);
  const path = points.map(({ at, value }, n) => {
    const x = ((at - first) / span) * 300;
    const y = 88 - (value / highest) * 84;
    return (n === 0 ? 'M' : 'L') + x.toFixed(1) + ' ' + y.toFixed(1);
  });
  figure.querySelector('path').setAttribute('d', path.join(''));
  figure.querySelector('output').textContent = Number(last.value.toFixed(1)).toLocaleString('en');
}

async function look() {
  try {
    const answer = await fetch(plots.dataset.from, { headers: { accept: 'application/json' } });
    if (answer.status === 401) {
      state.textContent = 'You are signed out.';
      return;
    }
    const { moments } = await answer.json();
    for (const figure of plots.querySelectorAll('[data-plot]')) draw(figure, lines[figure.dataset.plot](moments));
    if (state.textContent !== '') state.textContent = '';
  } catch {
    state.textContent = 'No answer; trying again.';
  }
  setTimeout(look, EVERY_MS);
}

if (plots !== null) look();
`;
