import { API_PREFIX, apiRoutes } from '../../core/pods-api/api-routes'
import { tokenScopeFor } from '../../core/pods-api/api-token'
import type { HttpReply } from './http-reply'

/** The routes as a page for people. It loads and runs nothing. */
export function docsPage(): HttpReply {
  const rows = apiRoutes.map(({ method, path, scope, summary, query = [] }) => {
    const parameters = query.map(({ name }) => name).join(', ')
    return `<tr><td><code>${method}</code></td><td><code>${API_PREFIX}${escape(path.replace(':id', '{id}'))}</code></td><td>${escape(summary)}${parameters === '' ? '' : ` <small>${escape(parameters)}</small>`}</td><td><code>${tokenScopeFor(scope)}</code></td></tr>`
  })
  const body = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Pods API</title><style>${STYLE}</style></head>
<body><h1>Pods API</h1>
<p>Send <code>Authorization: Bearer TOKEN</code> with each request. The whole description is at
<code>/openapi.json</code>, metrics for Prometheus at <code>/metrics</code>, and events at
<code>${API_PREFIX}/events</code>.</p>
<table><thead><tr><th>Method</th><th>Address</th><th></th><th>Scope</th></tr></thead><tbody>
${rows.join('\n')}
</tbody></table></body></html>`
  return {
    status: 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    },
    body,
  }
}

const STYLE =
  ':root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.4rem .8rem .4rem 0;border-bottom:1px solid #8884;vertical-align:top}small{opacity:.7}'

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
