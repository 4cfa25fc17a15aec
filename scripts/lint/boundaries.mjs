/*
 * Who may import whom (docs/architecture.md), one entry a folder. Imports run one way:
 * pages → components → stores → composables → HTTP → server/api → server/services → server/db → drizzle.
 * Regular expressions and not globs: in a glob an unescaped `#` starts a comment, and `#server/**` matches nothing.
 * tests/unit/scripts/lint/boundaries.test.ts proves each of them with a snippet.
 */

/** Matches an import of a folder of ours under any of its names: `#server/db/x`, `~/server/db/x`, `../../server/db/x`. */
const folder = (/** @type {string} */ path) => `(?:#|~{1,2}/|@{1,2}/|/|(?:\\.{1,2}/)+)${path}(?:/|$)`
/** Matches another folder of the server, also by a relative path from inside the server (`../db/x`). */
const serverFolder = (/** @type {string} */ name) => `(?:(?:#|~{1,2}/|@{1,2}/|/|(?:\\.{1,2}/)+)server/|(?:\\.\\./)+)${name}(?:/|$)`
const packages = (/** @type {string[]} */ ...names) => `(?:${names.join('|')})(?:/|$)`

const anyServer = { name: folder('server'), message: 'Server code never reaches the browser: ask the API through useApi().' }
const anyDrizzle = { name: folder('drizzle'), message: 'The database schema belongs to server/db.' }
const database = { name: packages('drizzle-orm', 'postgres', '@electric-sql/[^/]+'), message: 'Only server/db talks SQL.' }
// The seed's texts are data, not tables.
const schema = { name: folder('drizzle').replace('(?:/|$)', '(?:/(?!seed/)|$)'), message: 'Only server/db reads the schema; import the type if that is all you need.', types: true }
const orm = { ...database, types: true }
const nodeOnly = { name: packages('node:[a-z_]+'), message: 'This code runs in the browser too.' }
const http = { name: packages('h3', 'nitropack', '#imports'), message: 'No HTTP here: take what you need as plain arguments.' }
const vueSide = { name: `(?:${['pages', 'components', 'layouts', 'stores', 'composables'].map(folder).join('|')})`, message: 'The server knows nothing of the pages.' }
const zodContracts = {
  name: `${folder('shared/contracts').replace('(?:/|$)', '/')}(?!errors(?:\\.ts)?$)|${packages('zod')}`,
  message: 'zod stays off customer pages: import types only (`import type`).',
  types: true,
}
const up = (/** @type {string[]} */ ...names) => ({ name: `(?:${names.map(folder).join('|')})`, message: `Imports run one way: nothing here may reach up into ${names.join(', ')}.` })
const serverUp = (/** @type {string[]} */ ...names) => ({ name: `(?:${names.map(serverFolder).join('|')})`, message: `Imports run one way: this folder may not import server/${names.join(', server/')}.` })

const call = (/** @type {string} */ name, /** @type {string} */ message) => ({
  selector: `CallExpression[callee.name='${name}'], CallExpression[callee.object.name='${name}']`,
  message,
})
const noFetch = [call('\\$fetch', 'Ask the API through a store or useApi(), the one typed HTTP client.')]
const noRequests = [...noFetch, ...['useFetch', 'useLazyFetch', 'fetch'].map(name => call(name, 'A component shows and emits; a store or a page does the asking, through useApi().'))]

const browser = [anyServer, anyDrizzle, database, nodeOnly]

/** @type {{ folder: string, files: string[], ignores?: string[], forbidden: { name: string, message: string, types?: boolean }[], syntax?: { selector: string, message: string }[] }[]} */
const rules = [
  { folder: 'pages', files: ['pages/**', 'layouts/**', 'app.vue', 'error.vue', 'middleware/**', 'plugins/**'], ignores: ['pages/admin/**', 'layouts/admin.vue'], forbidden: [...browser, zodContracts], syntax: noFetch },
  { folder: 'pages/admin', files: ['pages/admin/**', 'layouts/admin.vue'], forbidden: browser, syntax: noFetch },
  { folder: 'components', files: ['components/**'], ignores: ['components/admin/**'], forbidden: [...browser, zodContracts, up('pages', 'layouts')], syntax: noRequests },
  { folder: 'components/admin', files: ['components/admin/**'], forbidden: [...browser, up('pages', 'layouts')], syntax: noRequests },
  { folder: 'stores', files: ['stores/**'], ignores: ['stores/admin*', 'stores/admin*/**'], forbidden: [...browser, zodContracts, up('pages', 'layouts', 'components')], syntax: noRequests },
  { folder: 'stores/admin', files: ['stores/admin*', 'stores/admin*/**'], forbidden: [...browser, up('pages', 'layouts', 'components')], syntax: noRequests },
  { folder: 'composables', files: ['composables/**'], ignores: ['composables/admin*', 'composables/useAdmin*'], forbidden: [...browser, zodContracts, up('pages', 'layouts', 'components')], syntax: noFetch },
  { folder: 'composables/admin', files: ['composables/admin*', 'composables/useAdmin*'], forbidden: [...browser, up('pages', 'layouts', 'components')], syntax: noFetch },
  { folder: 'shared', files: ['shared/**'], forbidden: [{ name: '(?!zod$|\\./|\\.\\./[a-z]|#shared/)', message: 'shared/ is read by both sides: it imports zod and itself, nothing else.' }, anyServer, anyDrizzle, up('pages', 'layouts', 'components', 'stores', 'composables')] },
  { folder: 'server/core', files: ['server/core/**'], forbidden: [vueSide, http, schema, orm, serverUp('api', 'utils', 'services', 'db', 'middleware', 'plugins', 'entry')] },
  { folder: 'server/db', files: ['server/db/**'], forbidden: [vueSide, http, serverUp('api', 'utils', 'services', 'middleware', 'plugins', 'entry')] },
  { folder: 'server/services', files: ['server/services/**'], forbidden: [vueSide, http, schema, orm, serverUp('api', 'utils', 'middleware', 'plugins', 'entry')] },
  { folder: 'server/utils', files: ['server/utils/**'], forbidden: [vueSide, schema, orm, serverUp('api', 'middleware', 'plugins', 'entry')] },
  { folder: 'server/api', files: ['server/api/**', 'server/routes/**', 'server/middleware/**'], forbidden: [vueSide, schema, orm, serverUp('db', 'middleware', 'plugins', 'entry')] },
  { folder: 'server/entry', files: ['server/entry/**', 'server/plugins/**'], forbidden: [vueSide, schema, orm, serverUp('api')] },
]

/** `import('…')` is no ImportDeclaration, so the same walls stand a second time, as syntax. */
const dynamic = (/** @type {{ name: string, message: string }} */ { name, message }) => ({ selector: `ImportExpression[source.value=/^(?:${name.replaceAll('/', '\\/')})/]`, message })

/** @type {import('eslint').Linter.Config[]} */
export const boundaries = rules.map(rule => ({
  name: `ours/boundary/${rule.folder}`,
  files: rule.files,
  ...(rule.ignores ? { ignores: rule.ignores } : {}),
  rules: {
    '@typescript-eslint/no-restricted-imports': ['error', { patterns: rule.forbidden.map(({ name, message, types }) => ({ regex: `^(?:${name})`, message, allowTypeImports: types ?? false })) }],
    'no-restricted-syntax': ['error', ...rule.forbidden.map(dynamic), ...(rule.syntax ?? [])],
  },
}))
