/*
 * postgres.js 3.4.9 brings the whole process down when a connection is lost under a transaction: the transaction still
 * sends (its ROLLBACK at least), the write is put off by setImmediate, and then there is no socket to write to, in a
 * callback that nobody can catch (github.com/porsager/postgres, issues 1066, 1154 and 1208). Where it does not, the
 * connection is of no use any more, because the mark of a write put off is never taken back; or the rest of the
 * transaction goes over the connection as it is opened anew for somebody else, outside of any transaction. Mended here,
 * while building, until a version does it itself (docs/decisions/0024).
 */
interface Mend { what: string, from: string, to: string }

const mends: Record<string, Mend[]> = {
  'src/connection.js': [
    {
      what: 'a query for a connection that is lost is refused',
      from: `      return queryError(q, Errors.connection('CONNECTION_DESTROYED', options))

    if (stream)`,
      to: `      return queryError(q, Errors.connection('CONNECTION_DESTROYED', options))

    if (!socket) {
      queryError(q, Errors.connection('CONNECTION_CLOSED', options))
      return true
    }

    if (stream)`,
    },
    {
      what: 'a write that was put off finds the connection lost',
      from: 'const x = socket.write(chunk, fn)',
      to: 'const x = socket ? socket.write(chunk, fn) : true',
    },
    {
      what: 'what was to be written over a connection is forgotten when it ends',
      from: 'clearImmediate(nextWriteTimer)\n    if (socket) {',
      to: 'clearImmediate(nextWriteTimer)\n    chunk = nextWriteTimer = null\n    if (socket) {',
    },
    {
      what: 'what was to be written over a connection is forgotten when it is lost',
      from: 'clearImmediate(nextWriteTimer)\n    socket.removeListener(\'data\', data)',
      to: 'clearImmediate(nextWriteTimer)\n    chunk = nextWriteTimer = null\n    socket.removeListener(\'data\', data)',
    },
    {
      what: 'a connection that is ended before it is opened',
      from: '    , terminated = false\n    , incomings',
      to: '    , terminated = false\n    , reconnectTimer = null\n    , incomings',
    },
    {
      what: 'is known to be on its way',
      from: '    setTimeout(connect, closedTime',
      to: '    reconnectTimer = setTimeout(connect, closedTime',
    },
    {
      what: 'is not opened any more',
      from: '  function terminate() {\n    terminated = true\n',
      to: '  function terminate() {\n    terminated = true\n    clearTimeout(reconnectTimer)\n',
    },
    {
      what: 'nor when its socket has just been made',
      from: '    if (!socket)\n      return\n\n    connectTimer.start()',
      to: '    if (!socket || terminated)\n      return\n\n    connectTimer.start()',
    },
    {
      what: 'and is given up while it is being opened',
      from: 'socket.readyState === \'open\' && socket.end(b().X().end())',
      to: 'socket.readyState === \'opening\' ? socket.destroy() : socket.readyState === \'open\' && socket.end(b().X().end())',
    },
    {
      // The query that the connection was opened for is refused by itself.
      what: 'a connection that is lost while it asks for the array types rejects nothing that nobody holds',
      from: 'return fetchArrayTypes()',
      to: 'return fetchArrayTypes().catch(() => {})',
    },
  ],
  'src/index.js': [
    {
      what: 'a transaction knows that its connection was lost',
      from: '    let savepoints = 0\n      , connection\n',
      to: '    let savepoints = 0\n      , lost = null\n      , connection\n',
    },
    {
      what: 'what a transaction has waiting is refused when its connection is lost',
      from: 'new Promise((_, reject) => connection.onclose = reject)',
      to: `new Promise((_, reject) => connection.onclose = e => {
          lost = e
          while (queries.length)
            queries.shift().reject(e)
          reject(e)
        })`,
    },
    {
      what: 'a transaction whose connection was lost sends nothing any more',
      from: '        q.catch(e => uncaughtError || (uncaughtError = e))\n',
      to: '        q.catch(e => uncaughtError || (uncaughtError = e))\n        if (lost)\n          return q.reject(lost)\n',
    },
    {
      // Else it would stay open, idle, for as long as the process lives.
      what: 'what still waits when a client is ended opens no connection anew',
      from: '    queries.length && connect(c, queries.shift())',
      to: `    while (ending && queries.length)
      queries.shift().reject(Errors.connection('CONNECTION_ENDED', options, options))
    queries.length && connect(c, queries.shift())`,
    },
  ],
}

const FILE = /\/node_modules\/postgres\/(src\/(?:connection|index)\.js)(?:\?|$)/

/** The source with its faults mended. Throws when it is not the one that this was written for. */
export function mendPostgres(file: string, source: string): string {
  return (mends[file] ?? []).reduce((mended, { what, from, to }) => {
    if (mended.split(from).length !== 2) throw new Error(`postgres/${file} is not as scripts/build/mend-postgres.ts knows it (${what}): see whether the new version mends this itself, and change or remove that file.`)
    return mended.replace(from, () => to)
  }, source)
}

/**
 * For Rollup (the server's build) and Vite (the tests): both have to be told to take the package in (inline). A build that
 * left it outside, unmended, fails.
 */
export function mendedPostgres() {
  const missing = new Set(Object.keys(mends))
  return {
    name: 'vasiliasbot:mended-postgres',
    transform(code: string, id: string) {
      const file = FILE.exec(id.replaceAll('\\', '/'))?.[1]
      if (!file) return
      missing.delete(file)
      return { code: mendPostgres(file, code), map: null }
    },
    generateBundle() {
      if (missing.size) throw new Error(`postgres/${[...missing].join(' and ')} would not be in the server's bundle, and so not be mended (docs/decisions/0024): see nitro.externals.inline in nuxt.config.ts.`)
    },
  }
}
