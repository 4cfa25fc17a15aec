import { defineEventHandler, setResponseStatus } from 'h3'
import { defineNitroPlugin } from 'nitropack/runtime'

/** The least that this server can answer, for npm run bench to measure the rest by: routed as every other path of /api. Not there otherwise. */
export default defineNitroPlugin(({ router }) => {
  if (process.env.BENCH_ROUTE !== 'on') return
  router.use('/api/bench/bare', defineEventHandler((event) => {
    setResponseStatus(event, 204)
    return null
  }))
})
