/** Sends what stands in the text field of a call to this server, and shows what is answered. Nothing else is added. */
export const TRY_SCRIPT = `for (const call of document.querySelectorAll('.try')) {
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
