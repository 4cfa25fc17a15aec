import type { MatcherArtifacts } from '../artifacts'
import { GREEK_GLOSSARY } from './glossary-el'
import { greekTerm, hasGreek } from './greek'
import { exactKey, words } from './normalise'
import { isSmallTalk, questionRange } from './small-talk'
import { correctEnglish, type SiteSpeller } from './spelling'
import { stem } from './stem'
import { STOPWORDS } from './stopwords'

/** One index term of a text. */
export interface Term {
  key: string
  /** English word behind the term, for its vector and frequency; null for Greek without a translation */
  word: string | null
  /** general weight of the term, before the site's own frequencies */
  weight: number
}

/** A text as the signals need it. */
export interface Analysis {
  key: string
  terms: Term[]
  /** English words in order, spelling corrected, Greek translated word by word: for vectors and n-grams */
  english: string[]
  /** folded words as typed */
  typed: string[]
  /** Greek, in either alphabet */
  greek: boolean
  smallTalk: boolean
}

export interface AnalyseOptions {
  artifacts: MatcherArtifacts
  /** corrects towards the site's words; leave out for the site's own texts */
  speller?: SiteSpeller
  /** terms of the site's Greek texts: makes Greeklish easier to tell from English */
  greekTerms?: ReadonlySet<string>
}

// a table rank below this is a word that people really use
const COMMON = 30_000
const GLOSS_WEIGHTS = [0.9, 0.5, 0.4]
const GREEK_FUNCTION_WEIGHT = 0.08

/** Smooth inverse frequency of a word, 0 to 1; 1 for a word the tables do not know. */
export function generalWeight(artifacts: MatcherArtifacts, word: string): number {
  const row = artifacts.rows.get(word)
  // Zipf's law turns a rank into a probability; 12 is about ln of the vocabulary
  const frequency = row === undefined ? 0 : 1 / ((artifacts.ranks[row]! + 10) * 12)
  return (1e-3 / (1e-3 + frequency)) * (STOPWORDS.has(word) ? 0.25 : 1)
}

function looksGreeklish(typed: string[], options: AnalyseOptions): boolean {
  const isEnglish = (word: string) => word.length > 1 && (rankOf(options.artifacts, word) ?? Infinity) < COMMON
  const english = typed.map(isEnglish)
  const foreign = english.filter(known => !known).length
  if (foreign === 0 || foreign < typed.length * 0.4) return false
  let greek = 0
  typed.forEach((word, i) => {
    const term = greekTerm(word)
    if (GREEK_GLOSSARY.has(term) || options.greekTerms?.has(term)) greek += english[i] ? 0.5 : 1
  })
  return greek >= typed.length * (options.greekTerms?.size ? 0.3 : 0.5) && greek > 0.9
}

/** Trying every slip takes some hundred look-ups, and a site uses the same unknown words again and again. */
const corrections = new WeakMap<ReadonlyMap<string, number>, Map<string, string>>()
const CORRECTIONS_LIMIT = 4_000

function spelled(word: string, options: AnalyseOptions): string {
  const { speller, artifacts } = options
  if (word.length < 3 || speller?.has(word)) return word
  if ((rankOf(artifacts, word) ?? Infinity) < COMMON) return word
  const near = speller?.closest(word)
  if (near) return near
  let known = corrections.get(artifacts.rows)
  if (!known) corrections.set(artifacts.rows, known = new Map())
  let corrected = known.get(word)
  if (corrected === undefined) {
    corrected = correctEnglish(word, candidate => rankOf(artifacts, candidate))
    if (known.size >= CORRECTIONS_LIMIT) known.clear()
    known.set(word, corrected)
  }
  return corrected
}

function rankOf(artifacts: MatcherArtifacts, word: string): number | undefined {
  const row = artifacts.rows.get(word)
  return row === undefined ? undefined : artifacts.ranks[row]
}

function withoutPoliteness(typed: string[]): string[] {
  const [start, end] = questionRange(typed)
  return start < end ? typed.slice(start, end) : typed
}

/** Takes a text apart once, for all signals. */
export function analyse(text: string, options: AnalyseOptions): Analysis {
  const all = words(text)
  const typed = withoutPoliteness(all)
  const greekScript = hasGreek(text) || typed.some(hasGreek)
  const greek = greekScript || looksGreeklish(typed, options)
  const terms = new Map<string, Term>()
  const english: string[] = []
  const add = (key: string, word: string | null, weight: number) => {
    const known = terms.get(key)
    if (!known || known.weight < weight) terms.set(key, { key, word, weight })
  }
  const addEnglish = (word: string, factor: number) => {
    english.push(word)
    add(stem(word), word, generalWeight(options.artifacts, word) * factor)
  }
  for (const word of typed) {
    const latin = !hasGreek(word)
    if (!greek || (latin && greekScript)) {
      addEnglish(spelled(word, options), 1)
      continue
    }
    const term = greekTerm(word)
    const gloss = GREEK_GLOSSARY.get(term)
    // English words among Greeklish: "open bar", "vegan menu"
    if (latin && !gloss && (rankOf(options.artifacts, word) ?? Infinity) < COMMON) {
      addEnglish(word, 1)
      if (!options.greekTerms?.has(term)) continue
    }
    const meaning = gloss?.english ?? []
    const weight = gloss && meaning.length === 0 ? GREEK_FUNCTION_WEIGHT : meaning[0] ? generalWeight(options.artifacts, meaning[0]) : 1
    add(term, null, weight)
    meaning.forEach((translated, i) => addEnglish(translated, GLOSS_WEIGHTS[i] ?? 0.3))
  }
  const key = exactKey(typed.join(' '))
  return { key, terms: [...terms.values()], english, typed, greek, smallTalk: isSmallTalk(exactKey(text).split(' ')) }
}

/** What the sentence encoder reads: the English words alone, so that case and punctuation change nothing. */
export function encoderText(analysis: Analysis): string {
  return analysis.english.join(' ') || '.'
}
