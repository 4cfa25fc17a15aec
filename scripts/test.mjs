// `npm test`: everything that has to hold, from an empty folder too. `npm test -- --only unit,e2e` runs some of the stages.
import process from 'node:process'

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`VasiliasBot needs Node 20.19 or newer, and this is Node ${process.versions.node}. Install a newer one from your package manager or nodejs.org, then run the command again.`)
  process.exit(1)
}

import('./lib/test.mjs').then(({ test }) => test(process.argv.slice(2))).then((ok) => {
  process.exitCode = ok ? 0 : 1
}).catch((error) => {
  console.error(error.expected ? error.message : error)
  process.exit(error.exitCode || 1)
})
