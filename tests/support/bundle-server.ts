import { build } from 'esbuild'
import { fileURLToPath } from 'node:url'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))

/** Makes `plain-server.ts` and everything of ours behind it into one file that Node runs as it is; gives its path. */
export async function bundleServer(): Promise<string> {
  const outfile = path('../../node_modules/.cache/vasiliasbot/plain-server.mjs')
  await build({
    entryPoints: [path('./plain-server.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    // Nuxt's tsconfig maps packages to files, which would bundle them after all.
    tsconfigRaw: '{}',
    alias: { '#api-routes': path('./plain-routes.ts'), '#server': path('../../server'), '#drizzle': path('../../drizzle'), '#shared': path('../../shared') },
    logLevel: 'warning',
  })
  return outfile
}
