/** The look of the reference: one column, light or dark as the system has it, wide things move sideways. */
export const PAGES_STYLE = `:root {
  color-scheme: light dark;
  --back: #ffffff; --soft: #f1f3f6; --line: #c4c9d2; --ink: #1c2430; --faint: #525c6b;
  --link: #0b57a8; --bad: #b3161b; --good: #12683c; --on-link: #ffffff;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #14181f; --soft: #1f2530; --line: #465062; --ink: #e6e9ee; --faint: #a9b3c2;
    --link: #8cbcff; --bad: #ff9a94; --good: #7fd6a4; --on-link: #10151d;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
header {
  display: flex; flex-wrap: wrap; gap: 4px 20px; align-items: center; padding: 8px 16px;
  background: var(--soft); border-bottom: 1px solid var(--line);
}
nav ul { display: flex; flex-wrap: wrap; gap: 2px 4px; margin: 0; padding: 0; list-style: none; }
nav a { display: block; padding: 6px 8px; border-radius: 6px; text-decoration: none; }
nav a[aria-current] { background: var(--back); color: var(--ink); font-weight: 600; }
main { max-width: 980px; margin: 0 auto; padding: 12px 16px 64px; }
h1 { font-size: 1.6rem; margin: 8px 0 16px; }
h2 { font-size: 1.25rem; margin: 36px 0 8px; }
h3 { font-size: 1.05rem; margin: 24px 0 6px; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 8px; top: 8px; padding: 8px; background: var(--back); }
code { font: .92em ui-monospace, monospace; overflow-wrap: anywhere; }
pre { margin: 8px 0; padding: 10px 12px; overflow-x: auto; background: var(--soft); border-radius: 8px; }
pre code { overflow-wrap: normal; }
.faint { color: var(--faint); }
.entry { padding: 2px 0 10px; border-bottom: 1px solid var(--line); }
.entry:target { outline: 2px solid var(--link); outline-offset: 6px; border-radius: 4px; }
h4 { margin: 16px 0 4px; }
h3 code { font-weight: 400; }
.fields { margin: 4px 0; }
.fields div { padding: 4px 0; }
.fields dd { margin: 0 0 0 16px; }
details { margin: 6px 0; }
summary { cursor: pointer; color: var(--link); }
label { display: grid; gap: 4px; }
input, textarea, button {
  font: inherit; color: var(--ink); background: var(--back); border: 1px solid var(--faint); border-radius: 6px;
  padding: 7px 10px; width: 100%; max-width: 640px;
}
textarea, output { font-family: ui-monospace, monospace; font-size: .92em; }
button { margin: 8px 0; width: auto; cursor: pointer; background: var(--link); border-color: var(--link); color: var(--on-link); }
output { display: block; white-space: pre-wrap; overflow-wrap: anywhere; }
@media (max-width: 500px) { main, header { padding-left: 10px; padding-right: 10px; } }
`;
