// `npm start`: installs and builds what is missing, then becomes the server. The syntax of this one file is kept old,
// so that a Node from years ago can still read it and say which Node is needed.
import process from 'node:process'

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`VasiliasBot needs Node 20.19 or newer, and this is Node ${process.versions.node}. Install a newer one from your package manager or nodejs.org, then run the command again.`)
  process.exit(1)
}

import('./lib/start.mjs').then(({ start }) => start()).catch((error) => {
  console.error(error.expected ? error.message : error)
  process.exit(error.exitCode || 1)
})
