/** What we use of it; the package brings no types. */
declare module 'autocannon' {
  interface Request { method?: string, path?: string, headers?: Record<string, string>, body?: string, setupRequest?: (request: Request) => Request }
  interface Client { setRequests: (requests: Request[]) => void }
  interface Options { url: string, connections: number, duration: number, setupClient?: (client: Client) => void }
  interface Run extends Promise<{ errors: number, timeouts: number, duration: number }> {
    on: (event: 'response', listen: (client: Client, status: number, bytes: number, ms: number) => void) => Run
  }
  export default function autocannon(options: Options): Run
}
