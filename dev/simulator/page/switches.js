/** Buttons that open and close the panels they name; wide screens begin with the flow in sight. */
export function joinSwitches(buttons) {
  for (const button of buttons) {
    const panel = document.getElementById(button.dataset.opens);
    button.setAttribute('aria-controls', panel.id);
    const show = () => button.setAttribute('aria-expanded', String(!panel.hidden));
    button.onclick = () => {
      panel.hidden = !panel.hidden;
      panel.dispatchEvent(new CustomEvent('switched'));
    };
    new MutationObserver(show).observe(panel, { attributes: true, attributeFilter: ['hidden'] });
    if (panel.id === 'flow') panel.hidden = !matchMedia('(min-width: 1000px) and (min-height: 700px)').matches;
    show();
  }
}
