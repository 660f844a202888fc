/** The look of the console: one column, wide tables that move sideways, light or dark as the system has it. */
export const STYLE = `:root {
  color-scheme: light dark;
  --back: #ffffff; --soft: #f1f3f6; --line: #c4c9d2; --ink: #1c2430; --faint: #525c6b;
  --link: #0b57a8; --bad: #b3161b; --good: #12683c; --button: #0b57a8; --on-button: #ffffff;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #14181f; --soft: #1f2530; --line: #465062; --ink: #e6e9ee; --faint: #a9b3c2;
    --link: #8cbcff; --bad: #ff9a94; --good: #7fd6a4; --button: #8cbcff; --on-button: #10151d;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--ink); font: 16px/1.45 system-ui, sans-serif; }
header {
  display: flex; flex-wrap: wrap; gap: 4px 20px; align-items: center; justify-content: space-between;
  padding: 8px 16px; background: var(--soft); border-bottom: 1px solid var(--line);
}
nav ul { display: flex; flex-wrap: wrap; gap: 2px 4px; margin: 0; padding: 0; list-style: none; }
nav a { display: block; padding: 6px 8px; border-radius: 6px; text-decoration: none; }
nav a[aria-current] { background: var(--back); color: var(--ink); font-weight: 600; }
header form { display: flex; gap: 8px; align-items: center; color: var(--faint); }
main { max-width: 1180px; margin: 0 auto; padding: 12px 16px 48px; }
h1 { font-size: 1.5rem; margin: 8px 0 16px; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin: 28px 0 8px; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 8px; top: 8px; padding: 8px; background: var(--back); }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(220px, 1fr)); gap: 8px; margin: 0; }
dl div { padding: 8px 12px; background: var(--soft); border-radius: 8px; }
dt { color: var(--faint); font-size: .85rem; }
dd { margin: 0; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.wide { overflow-x: auto; border: 1px solid var(--line); border-radius: 8px; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: 6px 10px; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
th { color: var(--faint); font-size: .85rem; white-space: nowrap; background: var(--soft); }
td time { white-space: nowrap; }
tr:last-child td { border-bottom: 0; }
form.stack { display: grid; gap: 12px; max-width: 420px; }
label { display: grid; gap: 4px; }
input, select, button {
  font: inherit; color: var(--ink); background: var(--back); border: 1px solid var(--faint); border-radius: 6px;
  padding: 7px 10px; max-width: 100%;
}
button { cursor: pointer; }
main button { background: var(--button); border-color: var(--button); color: var(--on-button); }
main button.bad { background: var(--bad); border-color: var(--bad); color: var(--back); }
summary { cursor: pointer; color: var(--link); white-space: nowrap; }
details form { margin-top: 8px; min-width: 220px; }
.bad-text { color: var(--bad); font-weight: 600; }
.good-text { color: var(--good); font-weight: 600; }
.faint { color: var(--faint); }
.said { padding: 10px 12px; background: var(--soft); border-radius: 8px; white-space: pre-wrap; overflow-wrap: anywhere; }
.note { padding: 10px 12px; border-left: 4px solid var(--bad); background: var(--soft); }
ol.life { margin: 0; padding: 0 0 0 18px; border-left: 3px solid var(--line); list-style: none; }
ol.life li { margin: 0 0 10px; }
ol.life time { display: block; color: var(--faint); font-size: .85rem; }
.plots { display: grid; grid-template-columns: repeat(auto-fill, minmax(260px, 1fr)); gap: 12px; }
figure { margin: 0; padding: 10px 12px; background: var(--soft); border-radius: 8px; }
figcaption { display: flex; justify-content: space-between; gap: 8px; }
figure output { font-weight: 600; font-variant-numeric: tabular-nums; }
figure svg { display: block; width: 100%; height: 90px; margin-top: 6px; }
figure svg path { fill: none; stroke: var(--link); stroke-width: 2; vector-effect: non-scaling-stroke; }
@media (max-width: 500px) {
  main, header { padding-left: 10px; padding-right: 10px; }
  dl { grid-template-columns: 1fr; }
}
`;
