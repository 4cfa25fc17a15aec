/*
 * Loaded into the server ahead of its own code: SIGUSR2 begins a CPU profile, the next one ends it and leaves it in the
 * file that BENCH_PROFILE names. The server itself knows nothing of it.
 */
import { renameSync, writeFileSync } from 'node:fs'
import { Session } from 'node:inspector'

const file = process.env.BENCH_PROFILE
const SAMPLE_MICROSECONDS = 500
let session

process.on('SIGUSR2', () => {
  if (!session) {
    session = new Session()
    session.connect()
    session.post('Profiler.enable')
    session.post('Profiler.setSamplingInterval', { interval: SAMPLE_MICROSECONDS })
    session.post('Profiler.start')
    return
  }
  session.post('Profiler.stop', (error, result) => {
    session.disconnect()
    session = undefined
    // Whole or not there, for whoever waits for it.
    writeFileSync(`${file}.part`, JSON.stringify(error ? { error: error.message } : result.profile))
    renameSync(`${file}.part`, file)
  })
})
