import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import vue from '@vitejs/plugin-vue'
import { build as esbuild } from 'esbuild'
import { build as vite } from 'vite'
import type { Contender } from './contenders'

export const slugOf = (name: string) => name.replace(/\W+/g, '-').replace(/^-/, '')

/**
 * Fetches a contender from the registry into `folder` and makes one page script of it, minified, with what it loads
 * later in files of their own. The published package alone: each brings a bundle with everything in it, and the
 * dependencies that @n8n/chat names besides are not all on the registry.
 */
export async function bundleContender({ name, version, module }: Contender, folder: string): Promise<void> {
  const target = join(folder, 'node_modules', name)
  mkdirSync(target, { recursive: true })
  const archive = execFileSync('npm', ['pack', `${name}@${version}`, '--silent', '--pack-destination', folder], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim().split('\n').at(-1)!
  execFileSync('tar', ['xzf', join(folder, archive), '-C', target, '--strip-components', '1'])
  // Their `exports` hide the bundles that their documentation names.
  const manifest = JSON.parse(readFileSync(join(target, 'package.json'), 'utf8')) as Record<string, unknown>
  delete manifest.exports
  delete manifest.sideEffects
  writeFileSync(join(target, 'package.json'), JSON.stringify(manifest))
  const entry = join(folder, `${slugOf(name)}.js`)
  writeFileSync(entry, module)
  await esbuild({ entryPoints: { main: entry }, outdir: join(folder, 'public', slugOf(name)), bundle: true, splitting: true, minify: true, format: 'esm', target: 'es2022', logLevel: 'error', loader: { '.woff2': 'dataurl', '.svg': 'dataurl' }, define: { 'process.env.NODE_ENV': '"production"' } })
}

/** What our chat weighs on a page that has no Vue of its own: gzip KiB of everything but the other language and what comes on demand. */
export async function weighOursAlone(root: string, folder: string): Promise<number> {
  const outDir = join(folder, 'ours-alone')
  await vite({
    root,
    configFile: false,
    logLevel: 'error',
    plugins: [vue()],
    resolve: { alias: { '~': root, '#shared': join(root, 'shared') } },
    define: { '__VUE_OPTIONS_API__': 'false', '__VUE_PROD_DEVTOOLS__': 'false', 'process.env.NODE_ENV': '"production"' },
    build: { outDir, target: 'es2022', minify: 'terser', rollupOptions: { input: join(root, 'tests/bench/widget/pages/ours.ts') } },
  })
  const files = readdirSync(join(outDir, 'assets')).filter(file => /\.(?:js|css)$/.test(file) && !/^(?:el|more-\w+|chat-\w+|Chat\w+)-/.test(file))
  const bytes = files.reduce((sum, file) => sum + gzipSync(readFileSync(join(outDir, 'assets', file)), { level: 9 }).length, 0)
  rmSync(outDir, { recursive: true })
  return bytes / 1024
}
