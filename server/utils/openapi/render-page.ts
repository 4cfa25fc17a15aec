import { describeSchema, escapeHtml } from './describe-schema'
import type { OpenApiDocument, Operation } from './document'
import type { JsonSchema } from './json-schema'

const style = `
:root { color-scheme: light dark; --ground: light-dark(#f4f6f3, #141913); --surface: light-dark(#fdfefc, #1c221b); --text: light-dark(#1a211a, #edf1e9); --muted: light-dark(#525e50, #aebaa8); --line: light-dark(#d5ddd1, #323b30); --link: light-dark(#2f5a27, #b4dba5); }
* { box-sizing: border-box }
body { margin: 0; background: var(--ground); color: var(--text); font: 1rem/1.6 system-ui, sans-serif }
main { max-width: 60rem; margin: 0 auto; padding: 2rem 1rem 4rem }
a { color: var(--link) }
h1 { line-height: 1.2 }
h2 { margin-top: 3rem }
p, dd { max-width: 70ch }
details { background: var(--surface); border: 1px solid var(--line); border-radius: .5rem; margin: .5rem 0 }
summary { padding: .5rem .75rem; cursor: pointer; overflow-wrap: anywhere }
summary:focus-visible, a:focus-visible { outline: 3px solid var(--link); outline-offset: 2px }
summary code { font-weight: 600 }
summary span { color: var(--muted) }
details > div { padding: 0 .75rem .75rem }
h4 { margin: 1rem 0 .25rem }
pre { margin: 0; overflow-x: auto; padding: .75rem; background: var(--ground); border-radius: .25rem; font: .875rem/1.5 ui-monospace, monospace }
dl { margin: 0 }
dt { margin-top: .5rem; font-weight: 600 }
dd { margin: 0 0 0 1rem }
`

/** The document as one page of HTML: no script, no address of another machine; `nonce` goes with its style. */
export function renderApiPage(document: OpenApiDocument, nonce: string): string {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation: operation! })))
  const sections = document.tags.map(({ name, description }) => `<section aria-labelledby="tag-${escapeHtml(name)}"><h2 id="tag-${escapeHtml(name)}">${escapeHtml(name)}</h2><p>${escapeHtml(description)}</p>
${operations.filter(({ operation }) => operation.tags.includes(name)).map(each => renderOperation(each.path, each.method, each.operation, document)).join('\n')}</section>`)
  const schemas = Object.entries(document.components.schemas).sort(([a], [b]) => a.localeCompare(b)).map(([name, schema]) => `<details id="schema-${escapeHtml(name)}" open><summary><code>${escapeHtml(name)}</code></summary><div>${block(schema)}</div></details>`)
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><title>VasiliasBot API</title><style nonce="${nonce}">${style}</style></head>
<body><main><h1>VasiliasBot API</h1><p>${escapeHtml(String(document.info.description))}</p>
<p>Version ${escapeHtml(String(document.info.version))} · <a href="/api/openapi.json">openapi.json</a> (OpenAPI 3.1) · <a href="/">the site</a></p>
${sections.join('\n')}
<section aria-labelledby="schemas"><h2 id="schemas">Schemas</h2><p>A <code>?</code> marks a field that may be missing.</p>${schemas.join('\n')}</section></main></body></html>
`
}

const block = (schema: JsonSchema) => `<pre tabindex="0">${describeSchema(schema)}</pre>`

function renderOperation(path: string, method: string, operation: Operation, document: OpenApiDocument): string {
  const who = operation.security.length === 0 ? 'public' : operation.security[0]!.token ? 'token' : operation.tags.includes('admin') ? 'admin' : 'signed in'
  const parameters = operation.parameters.map(({ name, in: where, required, schema }) => `<dt>${escapeHtml(name)} <small>(${where}${required ? '' : ', optional'})</small></dt><dd>${describeSchema(schema)}</dd>`)
  const contents = (content: Record<string, { schema: JsonSchema }> | undefined) => Object.entries(content ?? {}).map(([type, { schema }]) => `<p>${escapeHtml(type)}</p>${block(schema)}`).join('')
  const answers = Object.entries(operation.responses).map(([status, response]) => {
    const named = typeof response.$ref === 'string' ? response.$ref.split('/').pop()! : null
    const { description } = named ? document.components.responses[named] as { description: string } : response as { description: string }
    return `<dt>${status}${named ? ` ${escapeHtml(named)}` : ''}</dt><dd>${escapeHtml(description)}${named ? '' : contents(response.content as Parameters<typeof contents>[0])}</dd>`
  })
  return `<details id="${escapeHtml(operation.operationId)}"><summary><code>${method} ${escapeHtml(path)}</code> ${escapeHtml(operation.summary)} <span>(${who})</span></summary><div>
${parameters.length ? `<h4>Parameters</h4><dl>${parameters.join('')}</dl>` : ''}
${operation.requestBody ? `<h4>Body</h4>${contents(operation.requestBody.content)}` : ''}
<h4>Answers</h4><dl>${answers.join('')}</dl></div></details>`
}
