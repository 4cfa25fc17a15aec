const LOCAL = ['postgres://postgres@127.0.0.1:5432/postgres', 'postgres://postgres:postgres@127.0.0.1:5432/postgres']

/** The PostgreSQL for the tests: `TEST_DATABASE_URL` and nothing else when set, else this machine's; null when none lets us in. */
export async function findPostgres({ env = process.env, connects = tryConnect } = {}) {
  for (const url of env.TEST_DATABASE_URL ? [env.TEST_DATABASE_URL] : LOCAL) {
    if (await connects(url)) return url
  }
  return null
}

async function tryConnect(url) {
  const { default: postgres } = await import('postgres')
  const client = postgres(url, { max: 1, connect_timeout: 3, onnotice: () => {} })
  try {
    const [row] = await client`select (rolcreatedb or rolsuper) as can from pg_roles where rolname = current_user`
    return row.can
  }
  catch {
    return false
  }
  finally {
    await client.end({ timeout: 1 })
  }
}
