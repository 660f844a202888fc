import { html } from '../html.ts';
import { frame } from './frame.ts';
import { listing } from './prose.ts';
import { commands, programs } from './snippets.ts';

/** From `npm start` to the first text. */
export function guidePage(path: string): string {
  return frame({
    title: 'The first text in five minutes',
    path,
    main: html`<p><code>npm start</code> runs the whole system on your machine, with a carrier and handsets that are simulated: no account, no
cost, no real phone. It prints the address of the API, which is <code>http://localhost:3000</code> unless that is taken, and of the page of
handsets, where the texts come out.</p>
<h2>1. Make a group</h2>
<p>On the page of handsets, add Ann, +14445556666, and Bob, +14445558888. Then make their group; the answer has its <code>number</code>.</p>
${listing('Make a group', commands.create)}
<p>So far nobody but Ann has heard of it. Her handset has a text with a PIN: answer it with <code>YES</code>. The group is on, and Bob has a
welcome.</p>
<h2>2. Log in</h2>
<p>With the PIN of that text. The answer has a <code>sid</code>, good for 30 days since its last use. Another time,
<code>/member/find</code> sends a new PIN.</p>
${listing('Log in', commands.logIn)}
<h2>3. Send</h2>
<p>The sid goes into the header, the number of the group into the body. Bob’s handset shows <code>Ann: Lunch at noon?</code>.</p>
${listing('Send a message', commands.send)}
<h2>The same in TypeScript</h2>
<p>The package has a client for browsers and Node, without a dependency. An error is a value: switch on <code>status</code>, then on
<code>error_type</code>, and the compiler knows which ones this call has. What may be repeated after a lost answer is.</p>
${listing('The way in TypeScript', programs.guide)}
<h2>On</h2>
<p><a href="/docs/tasks">Tasks</a> has whole programs, <a href="/docs">Calls</a> everything that there is, and
<a href="/docs/errors">Errors</a> what to do when something goes wrong.</p>`,
  });
}
