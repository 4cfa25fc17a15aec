import { createHash, createSign, generateKeyPairSync, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export const OIDC_CLIENT = { id: 'vasiliasbot', secret: 'a secret between the two' }

export interface OidcServer {
  /** For OIDC_ISSUER. */
  issuer: string
  /** Who is signed in at the provider: the claims of the ID tokens from now on. */
  person: Record<string, unknown>
  /** Changes to the claims of ID tokens: a wrong nonce, another audience … `undefined` leaves one out. */
  twist: Record<string, unknown>
  /** How it misbehaves: `denied`, somebody says no; `down`, every answer is a 500; `hang-up`, no answer at all; `forge`, tokens signed by a key of nobody's. */
  mood: 'fine' | 'denied' | 'down' | 'hang-up' | 'forge' | 'token-down'
  /** Says of itself in its description that it is this one; null: the truth. */
  claimsToBe: string | null
  /** Puts e-mail and name only into what /userinfo gives. */
  lean: boolean
  /** Requests to /token so far. */
  exchanges: number
  stop: () => Promise<void>
}

const keys = () => generateKeyPairSync('rsa', { modulusLength: 2048 })

/** A small OpenID Connect provider whose one user says yes at once: authorization code with PKCE, RS256, client_secret_post or basic. */
export async function startOidcServer(): Promise<OidcServer> {
  const real = keys()
  const strange = keys()
  const codes = new Map<string, URLSearchParams>()
  const tokens = new Map<string, Record<string, unknown>>()

  const sign = (claims: object) => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const body = `${part({ alg: 'RS256', kid: 'k1', typ: 'JWT' })}.${part(claims)}`
    return `${body}.${createSign('RSA-SHA256').update(body).sign((server.mood === 'forge' ? strange : real).privateKey).toString('base64url')}`
  }

  function authorize(query: URLSearchParams, response: ServerResponse) {
    const back = new URL(query.get('redirect_uri')!)
    if (query.get('state')) back.searchParams.set('state', query.get('state')!)
    if (server.mood === 'denied') back.searchParams.set('error', 'access_denied')
    else {
      const code = randomUUID()
      codes.set(code, query)
      back.searchParams.set('code', code)
    }
    response.writeHead(302, { location: back.href }).end()
  }

  function exchange(form: URLSearchParams, request: IncomingMessage): [number, object] {
    server.exchanges++
    const asked = codes.get(form.get('code') ?? '')
    codes.delete(form.get('code') ?? '')
    const basic = Buffer.from(request.headers.authorization?.replace(/^Basic /, '') ?? '', 'base64').toString().split(':').map(decodeURIComponent)
    const [id, secret] = request.headers.authorization ? basic : [form.get('client_id'), form.get('client_secret')]
    if (id !== OIDC_CLIENT.id || secret !== OIDC_CLIENT.secret) return [401, { error: 'invalid_client' }]
    const challenge = createHash('sha256').update(form.get('code_verifier') ?? '').digest('base64url')
    if (!asked || form.get('redirect_uri') !== asked.get('redirect_uri') || challenge !== asked.get('code_challenge') || asked.get('code_challenge_method') !== 'S256') return [400, { error: 'invalid_grant' }]
    const now = Math.floor(Date.now() / 1000)
    const { sub, ...rest } = server.person
    const claims = { iss: server.issuer, aud: OIDC_CLIENT.id, sub, iat: now, exp: now + 300, nonce: asked.get('nonce'), ...(server.lean ? {} : rest), ...server.twist }
    const token = randomUUID()
    tokens.set(token, server.person)
    return [200, { access_token: token, token_type: 'Bearer', expires_in: 300, id_token: sign(claims) }]
  }

  async function answer(request: IncomingMessage, response: ServerResponse) {
    const url = new URL(request.url!, server.issuer)
    const json = (status: number, body: object) => void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    if (server.mood === 'hang-up') return void request.socket.destroy()
    if (server.mood === 'down' || (server.mood === 'token-down' && url.pathname === '/token')) return void response.writeHead(500, { 'content-type': 'text/html' }).end('<h1>Oops</h1>')
    if (url.pathname === '/.well-known/openid-configuration') {
      const at = (path: string) => server.issuer + path
      return json(200, {
        issuer: server.claimsToBe ?? server.issuer, authorization_endpoint: at('/authorize'), token_endpoint: at('/token'), jwks_uri: at('/jwks'), userinfo_endpoint: at('/userinfo'),
        response_types_supported: ['code'], subject_types_supported: ['public'], id_token_signing_alg_values_supported: ['RS256'], code_challenge_methods_supported: ['S256'],
      })
    }
    if (url.pathname === '/jwks') return json(200, { keys: [{ ...real.publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'RS256', use: 'sig' }] })
    if (url.pathname === '/authorize') return authorize(url.searchParams, response)
    if (url.pathname === '/token') return json(...exchange(new URLSearchParams(await text(request)), request))
    const person = tokens.get(request.headers.authorization?.replace(/^Bearer /, '') ?? '')
    if (url.pathname === '/userinfo' && person) return json(200, person)
    json(404, { error: 'not_found' })
  }

  const http = createServer((request, response) => void answer(request, response))
  await new Promise<void>(resolve => http.listen(0, '127.0.0.1', resolve))
  const server: OidcServer = {
    issuer: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    person: {},
    twist: {},
    mood: 'fine',
    claimsToBe: null,
    lean: false,
    exchanges: 0,
    stop: () => new Promise((resolve) => {
      http.close(() => resolve())
      http.closeAllConnections()
    }),
  }
  return server
}
