import { stripVTControlCharacters } from 'node:util'
import { readJson } from './project.mjs'

/** @typedef {{ name: string, said: string }} Failure A test by its file and title, and its error's words. */

const TOLD_AT_MOST = 8
/** One failure alone may say much: the log of a server that ended, say. */
const CHARACTERS_IN_ALL = 8000

/** @returns {Failure[]} those in the file that scripts/lib/vitest-counts.mjs wrote; none where there is no such file. */
export const failuresOfVitest = file => readJson(file)?.failures ?? []

/** @returns {Failure[]} those of Playwright's JSON report: tests that failed on every try (those of one try only are told as such), and errors outside of tests. */
export function failuresOfPlaywright(file) {
  const report = readJson(file)
  if (!report) return []
  const outside = (report.errors ?? []).map(({ message }) => ({ name: 'outside of any test', said: message ?? '' }))
  return [...outside, ...(report.suites ?? []).flatMap(suite => ofSuite(suite))]
}

function ofSuite({ specs = [], suites = [] }) {
  const own = specs.flatMap(({ file, title, tests }) => tests
    .filter(({ status }) => status === 'unexpected' || status === 'flaky')
    .map(({ status, projectName, results }) => ({
      name: `[${projectName}] ${file} > ${title}${status === 'flaky' ? ' (passed on its second try)' : ''}`,
      said: results.find(({ error }) => error)?.error.message ?? '',
    })))
  return [...own, ...suites.flatMap(ofSuite)]
}

/**
 * Lines that tell what failed, short enough that the end of a long log holds them all.
 * @param {Failure[]} failures
 * @returns {string[]} no line where nothing failed.
 */
export function tellFailures(failures) {
  const told = failures.slice(0, TOLD_AT_MOST)
  const lines = told.flatMap(({ name, said }) => [`  ✗ ${name}`, ...shorten(stripVTControlCharacters(said), CHARACTERS_IN_ALL / told.length).split('\n').map(line => `      ${line}`)])
  const more = failures.length - TOLD_AT_MOST
  return more > 0 ? [...lines, `  … and ${more} more, further up`] : lines
}

/** Both ends of a long text: an assertion says what it wanted first, and a command's output ends with its reason. */
function shorten(text, most) {
  const half = Math.floor(most / 2)
  return text.length <= most ? text : `${text.slice(0, half)}\n…\n${text.slice(-half)}`
}
