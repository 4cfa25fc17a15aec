import type { ApiRouteFile } from '#server/utils/api-route'
import { version } from '../../package.json'
import { routeOf } from '../../scripts/build/api-routes'

/** Stands in for `#api-routes`, which the build makes. */
const files = import.meta.glob<Awaited<ReturnType<ApiRouteFile['load']>>>('/server/api/**/*.ts')

export const apiRoutes = Object.entries(files).map(([file, load]) => ({ route: routeOf(file.slice('/server/api/'.length)), file, load }))
export { version }
