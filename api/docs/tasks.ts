import { html } from '../html.ts';
import { frame } from './frame.ts';
import { listing } from './prose.ts';
import { programs } from './snippets.ts';

/** Whole programs for what people build first. */
export function tasksPage(path: string): string {
  return frame({
    title: 'Tasks',
    path,
    main: html`<p>Each of these is a whole program. They read <code>API_URL</code>, and where they need them <code>TOKEN</code> (a sid or a
key) and <code>GROUP</code> (the number of a group) from the environment.</p>
<h2>A group from a web form</h2>
<p>Needs no session: the creator turns the group on from their own phone. Nobody else hears of it before that.</p>
${listing('A group from a web form', programs.form)}
<h2>A bot that answers</h2>
<p>Listens to the events of its owner’s groups and answers in the group. A bot runs on a key, so that no person has to log in.</p>
${listing('A bot that answers', programs.bot)}
<h2>A live inbox</h2>
<p>Shows what there is in all groups of a member, and then what happens as it happens: messages once each, who joins and leaves, and, to
who sent a message and to the owner, how many have it. Addresses of pictures are good for some days; ask for the message again to get new ones.</p>
${listing('A live inbox', programs.inbox)}
<h2>An announcement with receipts</h2>
<p>Says before what it costs, and after who did not get it and why. With the owner’s sid or key.</p>
${listing('An announcement with receipts', programs.announcement)}
<h2>A page in a browser</h2>
<p>A page of another origin may call where <code>CORS_ORIGINS</code> names it. Let people log in with their own PIN; never put a key into a
page.</p>`,
  });
}
