import { readdirSync } from 'node:fs'
import type { ApiRouteFile } from '#server/utils/api-route'
import { version } from '../../package.json'
import { routeOf } from '../../scripts/build/api-routes'

/** Stands in for `#api-routes` in what esbuild bundles (./bundle-server.ts): Node runs it in the project's folder. */
export const apiRoutes: ApiRouteFile[] = readdirSync('server/api', { recursive: true, encoding: 'utf8' }).filter(path => path.endsWith('.ts')).map((file) => {
  const name = file.slice(0, -'.ts'.length)
  return { route: routeOf(file), load: () => import(`../../server/api/${name}.ts`) as ReturnType<ApiRouteFile['load']> }
})
export { version }
