import { readdirSync, readFileSync } from 'node:fs'

/** `admin/faqs/[id].ts` → `/api/admin/faqs/:id`, as Nitro reads file names. */
export function routeOf(file: string): string {
  return `/api/${file.replace(/\\/g, '/').replace(/\.ts$/, '')}`
    .replace(/\[\.\.\.(\w*)\]/g, (_, name: string) => name ? `**:${name}` : '**')
    .replace(/\[(\w+)\]/g, ':$1')
    .replace(/\/index$/, '')
}

/** The source of `#api-routes`: each file of server/api with its route. They are loaded when somebody asks, as Nitro does. */
export function apiRoutesModule(serverDir: string): string {
  const files = readdirSync(`${serverDir}/api`, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts')).sort()
  const lines = files.map(file => `  { route: ${JSON.stringify(routeOf(file))}, load: () => import(${JSON.stringify(`${serverDir}/api/${file}`)}) },`)
  const { version } = JSON.parse(readFileSync(`${serverDir}/../package.json`, 'utf8')) as { version: string }
  return `export const version = ${JSON.stringify(version)}\nexport const apiRoutes = [\n${lines.join('\n')}\n]\n`
}
