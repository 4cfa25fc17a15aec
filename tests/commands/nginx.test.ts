import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { Agent, request as httpsRequest } from 'node:https'
import { createServer, type AddressInfo } from 'node:net'
import type { IncomingHttpHeaders } from 'node:http'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root, Workshop } from '../support/server-process'

const nginx = ['/usr/sbin/nginx', '/usr/local/sbin/nginx', '/usr/bin/nginx'].find(existsSync)
if (!nginx) process.stdout.write('    There is no nginx on this machine: deploy/nginx.conf is not tested (apt-get install nginx-light).\n')

const HOST = 'planner.example'
const workshop = new Workshop()
const admin = { email: 'admin@example.com', password: 'cypress-island-violin' }
let proxy: ChildProcess
let ports: { http: number, https: number }
let origin: string

interface Answer { status: number, headers: IncomingHttpHeaders, bytes: Buffer }

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return port
}

const agent = new Agent({ rejectUnauthorized: false, keepAlive: true })

/** As a browser that was told to find the host on this machine; nothing is decompressed. */
async function ask(method: string, path: string, headers: Record<string, string> = {}, body?: unknown): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = httpsRequest({ agent, host: '127.0.0.1', port: ports.https, servername: HOST, method, path, headers: { host: HOST, ...(body ? { 'content-type': 'application/json', 'origin': `https://${HOST}` } : {}), ...headers } }, (response) => {
      buffer(response).then(bytes => resolve({ status: response.statusCode!, headers: response.headers, bytes }), reject)
    })
    sent.once('error', reject).end(body ? JSON.stringify(body) : undefined)
  })
}

const cookieOf = ({ headers }: Answer) => headers['set-cookie']!.map(line => line.split(';')[0]).join('; ')

async function startNginx(): Promise<void> {
  const folder = workshop.folder()
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', `/CN=${HOST}`, '-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')], { stdio: 'ignore' })
  ports = { http: await freePort(), https: await freePort() }
  // The file as it is, on ports, an address and a certificate of this test's own.
  const site = readFileSync(join(root, 'deploy/nginx.conf'), 'utf8')
    .replace('127.0.0.1:3000', new URL(origin).host)
    .replace(/^.*listen \[::\].*\n/gm, '')
    .replace('listen 80;', `listen 127.0.0.1:${ports.http};`)
    .replace('listen 443 ', `listen 127.0.0.1:${ports.https} `)
    .replace(/\/etc\/letsencrypt\/\S+fullchain\.pem/, join(folder, 'cert.pem'))
    .replace(/\/etc\/letsencrypt\/\S+privkey\.pem/, join(folder, 'key.pem'))
  mkdirSync(join(folder, 'temp'))
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(name => `${name}_temp_path ${join(folder, 'temp', name)};`).join('\n')
  const runAs = process.getuid?.() === 0 ? 'user root;' : ''
  writeFileSync(join(folder, 'nginx.conf'), `${runAs}\npid ${join(folder, 'nginx.pid')};\nerror_log stderr notice;\nevents {}\nhttp {\n${temporary}\naccess_log ${join(folder, 'access.log')};\n${site}\n}\n`)
  proxy = spawn(nginx!, ['-c', join(folder, 'nginx.conf'), '-g', 'daemon off;'], { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  await new Promise<void>((resolve, reject) => {
    proxy.stderr!.setEncoding('utf8').on('data', (text: string) => {
      said += text
      if (/start worker process \d+/.test(said)) resolve()
    })
    proxy.once('exit', code => reject(new Error(`nginx ended with ${code}: ${said}`)))
  })
}

describe.skipIf(!nginx)('behind nginx with deploy/nginx.conf', () => {
  beforeAll(async () => {
    const server = workshop.launch({ env: { TRUST_PROXY: '1', ADMIN_EMAIL: admin.email, ADMIN_PASSWORD: admin.password, LOG_LEVEL: 'warn', SENTENCE_ENCODER: 'off' } })
    origin = await server.ready()
    await startNginx()
  })
  afterAll(async () => {
    agent.destroy()
    if (proxy && proxy.exitCode === null) {
      const ended = new Promise(resolve => proxy.once('exit', resolve))
      proxy.kill('SIGTERM')
      await ended
    }
    await workshop.tidy()
  })

  it('leads from http to https', async () => {
    const answer = await fetch(`http://127.0.0.1:${ports.http}/packages?x=1`, { redirect: 'manual', headers: { host: HOST } })
    expect([answer.status, answer.headers.get('location')]).toEqual([301, expect.stringMatching(/^https:\/\/[^/]+\/packages\?x=1$/)])
  })

  it('a sign-in gets a Secure cookie that only this host may set, and another site’s write is refused', async () => {
    const answer = await ask('POST', '/api/auth/login', {}, admin)
    expect(answer.status, answer.bytes.toString()).toBe(200)
    const session = answer.headers['set-cookie']!.find(line => line.startsWith('__Host-vb_session='))!
    expect(session).toMatch(/; Secure/)
    expect(session).toMatch(/; HttpOnly/)
    expect((await ask('GET', '/api/admin/config', { cookie: cookieOf(answer) })).status).toBe(200)
    expect((await ask('POST', '/api/auth/login', { origin: 'https://evil.example' }, admin)).status).toBe(403)
    expect(answer.headers['strict-transport-security']).toBeTruthy()
    expect(answer.headers['x-request-id']).toBeTruthy()
  })

  it('the limit on failed sign-ins counts the caller and not what the caller writes into X-Forwarded-For', async () => {
    const statuses: number[] = []
    for (let tries = 0; tries < 9; tries++) {
      statuses.push((await ask('POST', '/api/auth/login', { 'x-forwarded-for': `198.51.100.${tries}` }, { email: 'nobody@example.com', password: 'not-the-password' })).status)
    }
    // The sixth failure in a row for an account from one place sets the first wait (docs/sign-in.md).
    expect(statuses).toEqual([...Array.from({ length: 6 }, () => 401), 429, 429, 429])
  })

  it('pages are compressed and not kept, scripts come in Brotli and are kept for ever', async () => {
    const page = await ask('GET', '/', { 'accept-encoding': 'gzip, br' })
    expect(page.headers['content-encoding']).toBe('gzip')
    expect(page.headers['cache-control']).toMatch(/no-cache|no-store/)
    const html = gunzipSync(page.bytes).toString()
    const script = html.match(/\/_nuxt\/[\w.-]+\.js/)![0]
    const asset = await ask('GET', script, { 'accept-encoding': 'gzip, br' })
    expect(asset.headers).toMatchObject({ 'content-encoding': 'br', 'cache-control': 'public, max-age=31536000, immutable' })
    expect(asset.headers.vary).toMatch(/accept-encoding/i)
  })

  it('an idle poll stays a 304 although nginx makes its ETag a weak one', async () => {
    const cookie = cookieOf(await ask('POST', '/api/auth/login', {}, admin))
    const { conversation_id: id } = JSON.parse((await ask('POST', '/api/chatbot/messages', { cookie }, { message_text: 'What happens if it rains?' })).bytes.toString())
    const path = `/api/chatbot/conversations/${id}/messages`
    const first = await ask('GET', path, { cookie, 'accept-encoding': 'gzip' })
    expect(first.headers['content-encoding']).toBe('gzip')
    const second = await ask('GET', path, { cookie, 'accept-encoding': 'gzip', 'if-none-match': first.headers.etag! })
    expect([second.status, second.bytes.length]).toEqual([304, 0])
  })

  it('an export comes whole, as a stream that nginx does not gather first', async () => {
    const cookie = cookieOf(await ask('POST', '/api/auth/login', {}, admin))
    const file = await ask('GET', '/api/admin/faqs/export?format=csv', { cookie })
    expect(file.status).toBe(200)
    expect(file.headers['content-length']).toBeUndefined()
    expect(file.bytes.toString().split('\n').length).toBeGreaterThan(12)
    const direct = await fetch(`${origin}/api/admin/faqs/export?format=csv`, { headers: { cookie, 'x-forwarded-proto': 'https' } })
    expect(direct.headers.get('x-accel-buffering')).toBe('no')
    expect(Buffer.from(await direct.arrayBuffer())).toEqual(file.bytes)
  })
})
