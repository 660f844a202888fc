/** The page of the API reference: the viewer, told what to show, and what its own style leaves to be wished. */
export const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Group texting: API reference</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="docs/swagger-ui.css">
<link rel="stylesheet" href="docs/style.css">
</head>
<body>
<div id="reference"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
`;

/**
 * What the viewer leaves to be wished for those who do not see it: it draws a link inside of the button that opens an
 * endpoint, skips levels of headings, and names its choices by a table cell alone.
 */
export const START = `const withoutLinks = {
  wrapComponents: {
    DeepLink: (_, { React }) => ({ text }) => React.createElement('span', null, text),
  },
};

const levels = { 'h3.opblock-tag': 2, '.opblock-body h4': 3, '.opblock-body h5': 4 };

function complete(page) {
  for (const [headings, level] of Object.entries(levels)) {
    for (const heading of page.querySelectorAll(headings)) {
      if (heading.hasAttribute('aria-level')) continue;
      heading.setAttribute('role', 'heading');
      heading.setAttribute('aria-level', String(level));
    }
  }
  for (const choice of page.querySelectorAll('select:not([aria-label])')) {
    const name = choice.closest('[data-param-name]')?.dataset.paramName ?? 'Example';
    choice.setAttribute('aria-label', name);
  }
  const about = page.querySelector('.information-container:not([role])');
  about?.setAttribute('role', 'region');
  about?.setAttribute('aria-label', 'About this API');
}

const page = document.getElementById('reference');
new MutationObserver(() => complete(page)).observe(page, { childList: true, subtree: true });

SwaggerUIBundle({
  url: 'openapi.json',
  dom_id: '#reference',
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: -1,
  validatorUrl: null,
  plugins: [withoutLinks],
});
`;

/**
 * There is one server, one media type and no links between answers, so the viewer need not ask or say so. On a phone
 * its tables are wider than the screen: there each cell gets a line.
 */
export const STYLE = `:root { color-scheme: light; }
body { margin: 0; }
.swagger-ui .info .title small pre.version, .swagger-ui .info .title small { background: #4f5664; color: #fff; }
.swagger-ui .info .title small.version-stamp { background: #4b6a02; }
.swagger-ui .info .title small pre.version { background: none; }
.swagger-ui .info .link .url, .swagger-ui .info a { color: #1b5fa8; }
.swagger-ui .parameter__in, .swagger-ui .parameter__extension { color: #595959; }
.swagger-ui .opblock.opblock-get .opblock-summary-method { background: #0b62b8; }
.swagger-ui .opblock.opblock-post .opblock-summary-method { background: #0f7a4d; }
.swagger-ui .info { margin: 30px 0; }
.swagger-ui .scheme-container,
.swagger-ui .response-col_links,
.swagger-ui .responses-table .response-controls .content-type-wrapper,
.swagger-ui .response-control-media-type,
.swagger-ui .response-control-media-type__accept-message { display: none; }
.swagger-ui .renderedMarkdown li { margin: 4px 0; }
@media (max-width: 640px) {
  .swagger-ui .wrapper { padding: 0 12px; }
  .swagger-ui table, .swagger-ui tbody, .swagger-ui tr, .swagger-ui td { display: block; width: auto; max-width: 100%; }
  .swagger-ui table thead { display: none; }
  .swagger-ui table tbody tr td, .swagger-ui table tbody tr td:first-of-type { min-width: 0; max-width: none; padding: 6px 0; }
  .swagger-ui .parameters-col_description { margin-bottom: 12px; }
  .swagger-ui .parameters-col_description input, .swagger-ui .parameters-col_description select,
  .swagger-ui .examples-select select { max-width: 100%; width: 100%; }
  .swagger-ui .renderedMarkdown ul { padding-left: 18px; }
  .swagger-ui .renderedMarkdown, .swagger-ui .renderedMarkdown code { overflow-wrap: anywhere; }
  .swagger-ui .response-control-media-type, .swagger-ui .response-control-examples { min-width: 0; }
}
`;
