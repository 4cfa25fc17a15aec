import { createApp, toWebHandler } from 'h3'
import { describe, expect, it } from 'vitest'
import page from '#server/routes/api-docs'
import { describeApi } from '#server/utils/openapi/document'
import { describeSchema } from '#server/utils/openapi/describe-schema'
import { renderApiPage } from '#server/utils/openapi/render-page'
import { apiRoutes, version } from '../../../../support/api-routes'

describe('the page that shows the API', () => {
  it('has every operation and every schema, and no link that leads nowhere', async () => {
    const document = await describeApi(apiRoutes, version)
    const html = renderApiPage(document, 'n')
    for (const path of Object.keys(document.paths)) expect(html).toContain(` ${path}</code>`)
    const ids = new Set([...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id))
    for (const [, target] of html.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(target)
    expect(ids.size).toBe([...html.matchAll(/ id="([^"]+)"/g)].length)
  })

  it('is served without scripts, under a policy that would let none run', async () => {
    const serve = toWebHandler(createApp().use(page))
    const answer = await serve(new Request('http://localhost/api-docs'))
    const html = await answer.text()
    const [, nonce] = /style-src 'nonce-([^']+)'/.exec(answer.headers.get('content-security-policy')!)!
    expect(html).toContain(`<style nonce="${nonce}">`)
    expect(html).not.toMatch(/<script|javascript:|https?:\/\//)
    expect(answer.headers.get('content-security-policy')).toContain('default-src \'none\'')
    expect((await serve(new Request('http://localhost/api-docs'))).headers.get('content-security-policy')).not.toContain(nonce)
    const refused = await serve(new Request('http://localhost/api-docs', { method: 'POST' }))
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
  })

  it('shows a text of a schema as text', () => {
    expect(describeSchema({ type: 'object', properties: { '<img src=x onerror=alert(1)>': { const: '</pre><script>' } } })).not.toMatch(/<(?:img|script|\/pre)/)
    expect(describeSchema({ type: 'string', minLength: 1, maxLength: 5, default: 'x' })).toBe('string, 1 to 5, else &#34;x&#34;')
  })
})
