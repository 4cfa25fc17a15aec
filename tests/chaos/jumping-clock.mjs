import { readFileSync } from 'node:fs'

/*
 * Loaded by a server under test with --import: its time of day runs so many milliseconds off as the file says that
 * JUMPING_CLOCK names, from the moment on that this is written there. As where somebody sets a machine's clock,
 * performance.now() and timers go on undisturbed.
 */
const RealDate = globalThis.Date
const realNow = RealDate.now
let offset = 0

function read() {
  try {
    offset = Number(readFileSync(process.env.JUMPING_CLOCK, 'utf8')) || 0
  }
  catch { /* Nobody has set it yet. */ }
}

RealDate.now = () => realNow() + offset
globalThis.Date = new Proxy(RealDate, {
  construct: (target, given, newTarget) => Reflect.construct(target, given.length ? given : [RealDate.now()], newTarget),
  apply: () => new globalThis.Date().toString(),
})
read()
setInterval(read, 20).unref()
