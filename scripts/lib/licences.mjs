import { join } from 'node:path'
import { readJson } from './project.mjs'

/** Licences that let anybody run, change and pass on our product without opening it: attribution at most. */
export const permissive = new Set(['MIT', 'MIT-0', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'BlueOak-1.0.0', 'CC0-1.0', 'CC-BY-4.0', 'Unlicense', 'Python-2.0', 'PSF-2.0', 'Zlib', 'OFL-1.1', 'Bitstream-Vera'])

/** Packages whose package.json names no licence that a program can read; what their LICENSE file says. */
const fromTheirFiles = { 'png-js': 'MIT', 'dejavu-fonts-ttf': 'Bitstream-Vera' }

/**
 * Every package that an installation without development dependencies may get, optional ones for other machines included,
 * as the lockfile has them: `{ name, version, licence }`, each once, by name. `licence` is '' where none is named.
 */
export function productionPackages(folder) {
  const { packages } = readJson(join(folder, 'package-lock.json'))
  const found = new Map()
  for (const [path, entry] of Object.entries(packages)) {
    if (!path || entry.dev || entry.link) continue
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
    // Packages for other platforms are not installed here; npm has noted their licence in the lockfile.
    const installed = readJson(join(folder, path, 'package.json')) ?? entry
    found.set(`${name}@${entry.version}`, { name, version: entry.version, licence: fromTheirFiles[name] ?? nameOf(installed) })
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.version < b.version ? -1 : 1))
}

/** Old packages write `{ type }` or a list of them. */
function nameOf({ license, licenses }) {
  const named = [license ?? licenses ?? []].flat().map(each => (typeof each === 'string' ? each : each?.type ?? ''))
  return named.length > 1 ? `(${named.join(' OR ')})` : named[0] ?? ''
}

/** Whether an SPDX expression leaves a permissive choice: one side of each OR, both sides of each AND. */
export function isPermissive(expression) {
  const bare = expression.trim().replace(/^\(([^()]*)\)$/, '$1').trim()
  if (/[()]/.test(bare)) return false
  return bare.split(/\s+OR\s+/i).some(choice => choice.split(/\s+AND\s+/i).every(part => permissive.has(part.trim())))
}

/** docs/licences.md: the packages under each licence, the most used first. */
export function licencesPage(packages) {
  const sections = [...grouped(packages)].sort((a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1))
  return [
    '# Licences of what an installation contains',
    'Made by `npm run licences` from the lockfile and the installed packages; `npm test` fails where this page is out of date or a licence is not permissive. The word tables of the FAQ matcher have a page of their own: [server/assets/matcher/LICENSES.md](../server/assets/matcher/LICENSES.md).',
    '',
    '| licence | packages |',
    '|---|---|',
    ...sections.map(([licence, those]) => `| ${licence || 'none named'} | ${those.length} |`),
    ...sections.flatMap(([licence, those]) => ['', `## ${licence || 'None named'}`, those.map(({ name, version }) => `${name} ${version}`).join(', ')]),
    '',
  ].join('\n')
}

/** As `Map.groupBy`, which Node 20 lacks. */
function grouped(packages) {
  const groups = new Map()
  for (const each of packages) groups.set(each.licence, [...groups.get(each.licence) ?? [], each])
  return groups
}
