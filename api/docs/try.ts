/**
 * `npm start` opens the page with a sid behind the #, and the number of a group for the examples: on the reader’s own machine
 * alone, so that no link of somebody else logs them in. Sends what stands in the text field of a call to this server, and shows what is answered. Nothing else is
 * added.
 */
export const TRY_SCRIPT = `const given = new URLSearchParams(location.hash.slice(1));
if (given.has('token') && ['localhost', '127.0.0.1'].includes(location.hostname)) {
  document.getElementById('token').value = given.get('token');
  for (const body of document.querySelectorAll('.try textarea'))
    body.value = body.value.replaceAll('+14445557777', given.get('number') ?? '+14445557777');
  history.replaceState(null, '', location.pathname);
}
for (const call of document.querySelectorAll('.try')) {
  const output = call.querySelector('output');
  call.querySelector('button').addEventListener('click', async () => {
    const token = document.getElementById('token').value.trim();
    output.textContent = 'Waiting …';
    try {
      const response = await fetch(call.dataset.url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...(token && { Authorization: 'Bearer ' + token }) },
        body: call.querySelector('textarea').value,
      });
      output.textContent = 'HTTP ' + response.status + '\\n' + JSON.stringify(await response.json(), null, 2);
    } catch (error) {
      output.textContent = 'No answer: ' + error.message;
    }
  });
}
`;
