/** What only the host knows: `webview.cspSource`, a fresh nonce, and both files as webview URIs. */
export interface ShellParts {
  readonly cspSource: string;
  readonly nonce: string;
  readonly scriptUri: string;
  readonly styleUri: string;
}

/**
 * The webview's HTML: an empty page that loads one style sheet and one script and may load nothing else. Whatever a
 * workspace's files contain, nothing in them can run: there is no inline script or style, no image, no connection.
 */
export function panelHtml({ cspSource, nonce, scriptUri, styleUri }: ShellParts): string {
  const policy = [
    `default-src 'none'`,
    `style-src ${cspSource}`,
    `script-src 'nonce-${nonce}'`,
    `base-uri 'none'`,
    `form-action 'none'`,
  ].join('; ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${attribute(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Failover simulation</title>
<link rel="stylesheet" href="${attribute(styleUri)}">
</head>
<body>
<main id="panel"></main>
<p id="status" class="unseen" role="status"></p>
<script nonce="${attribute(nonce)}" src="${attribute(scriptUri)}"></script>
</body>
</html>
`;
}

/** The parts come from VS Code itself, but a URI may hold an ampersand. */
function attribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
