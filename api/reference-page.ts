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

export const START = `SwaggerUIBundle({
  url: 'openapi.json',
  dom_id: '#reference',
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: -1,
  validatorUrl: null,
});
`;

/**
 * There is one server, one media type and no links between answers, so the viewer need not ask or say so. On a phone
 * its tables are wider than the screen: there each cell gets a line.
 */
export const STYLE = `body { margin: 0; }
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
