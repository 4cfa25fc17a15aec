/** Every file of server/api with its route, listed when the server is built (scripts/build/api-routes.ts). */
declare module '#api-routes' {
  export const apiRoutes: import('#server/utils/api-route').ApiRouteFile[]
  /** Of package.json. */
  export const version: string
}
