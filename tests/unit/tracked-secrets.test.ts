import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../../scripts/lib/project.mjs'

/** What keys look like, each with a made-up one, put together here so that this file has none in it. */
const patterns: Record<string, { pattern: RegExp, sample: string }> = {
  'a private key': { pattern: /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/, sample: `-----BEGIN ${'RSA '}PRIVATE KEY-----` },
  'an AWS key': { pattern: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/, sample: `AKI${'A'}ABCDEFGHIJKLMNOP` },
  'a GitHub token': { pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{60,})/, sample: `gh${'p_'}${'a1'.repeat(18)}` },
  'a GitLab token': { pattern: /\bglpat-[\w-]{20}/, sample: `glp${'at-'}${'a'.repeat(20)}` },
  'a Slack token': { pattern: /\bxox[abprs]-[\w-]{10,}/, sample: `xo${'xb-'}123456789012` },
  'a Google key': { pattern: /\bAIza[\w-]{35}/, sample: `AI${'za'}${'b'.repeat(35)}` },
  'a Stripe key': { pattern: /\b[sr]k_live_[A-Za-z0-9]{20,}/, sample: `sk_${'live_'}${'c'.repeat(24)}` },
  'an OpenAI or Anthropic key': { pattern: /\bsk-(?:proj-|ant-)?[\w-]{32,}/, sample: `s${'k-'}${'d'.repeat(40)}` },
  'an npm token': { pattern: /\bnpm_[A-Za-z0-9]{36}\b|_authToken\s*=\s*[^$\s]/, sample: `np${'m_'}${'e'.repeat(36)}` },
  'a Hugging Face token': { pattern: /\bhf_[A-Za-z0-9]{34}\b/, sample: `h${'f_'}${'f'.repeat(34)}` },
  'a SendGrid key': { pattern: /\bSG\.[\w-]{22}\.[\w-]{43}/, sample: `S${'G.'}${'g'.repeat(22)}.${'h'.repeat(43)}` },
  'a JSON web token': { pattern: /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,}/, sample: `ey${'J'}${'a'.repeat(12)}.ey${'J'}${'b'.repeat(12)}.${'c'.repeat(22)}` },
  'a hexadecimal secret': { pattern: /(?:secret|token|password|api_?key|encryption_?key)["']?\s*[:=]\s*["']?[0-9a-f]{40,}\b/i, sample: `secret: "${'0a'.repeat(32)}"` },
  'a random secret': { pattern: /(?:secret|token|password|api_?key|encryption_?key)["']?\s*[:=]\s*["'](?=[^"']*\d)(?=[^"']*[a-z])(?=[^"']*[A-Z])[A-Za-z0-9+/_=]{40,}["']/i, sample: `apiKey = "${'aB3'.repeat(14)}"` },
}

/** Lines that look like one and are none, by file: why is said beside each. */
const allowed: { file: RegExp, line: RegExp }[] = []

/** Data of the matcher and pictures: no text that somebody typed. */
const binary = /\.(?:i8|f32|png|ico|woff2?|ttf|gz)$/

describe('the files in version control', () => {
  it.skipIf(!existsSync(join(root, '.git')))('have no key or password in them', () => {
    const files = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }).split('\0').filter(file => file && !binary.test(file))
    expect(files.length).toBeGreaterThan(300)
    const found: string[] = []
    for (const file of files) {
      const path = join(root, file)
      if (!existsSync(path) || !statSync(path).isFile()) continue
      for (const [at, line] of readFileSync(path, 'utf8').split('\n').entries()) {
        if (file === 'package-lock.json' && line.includes('"integrity"')) continue
        for (const [what, { pattern }] of Object.entries(patterns)) {
          // The line itself is not repeated: it may be a real one.
          if (pattern.test(line) && !allowed.some(each => each.file.test(file) && each.line.test(line))) found.push(`${file}:${at + 1}: ${what}`)
        }
      }
    }
    expect(found).toEqual([])
  })

  it.skipIf(!existsSync(join(root, '.git')))('are no environment, key store or database', () => {
    const files = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }).split('\n')
    expect(files.filter(file => /(?:^|\/)(?:\.env(?!\.example$)[^/]*|secrets\.json|id_(?:rsa|ed25519)|.*\.(?:pem|p12|pfx|key|kdbx|sqlite|dump))$/.test(file))).toEqual([])
  })

  it.each(Object.entries(patterns))('would be noticed: %s', (_, { pattern, sample }) => {
    expect(pattern.test(`x = ${sample};`)).toBe(true)
  })
})
