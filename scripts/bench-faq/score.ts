/** Scoring of FAQ matchers: same definitions as the project's benchmark sheet. */

export interface Scored {
  /** null: out of scope */
  gold: string | null
  ranked: [string, number][]
  us: number
}

export interface Figures {
  top1: number
  top3: number
  /** correct decisions: right answers and rightly silent, of all questions, at the common threshold */
  correct: number
  /** wrong answers of all questions, at the common threshold */
  wrong: number
  /** right answers of in-scope questions at the site's own threshold with 5 % wrong */
  at5: number
}

const mean = (list: number[]) => list.reduce((a, b) => a + b, 0) / (list.length || 1)
const topScore = (x: Scored) => x.ranked[0]?.[1] ?? -Infinity
const isRight = (x: Scored) => x.gold !== null && x.ranked[0]?.[0] === x.gold

export function decisionsAt(site: Scored[], threshold: number): { correct: number, wrong: number } {
  let correct = 0
  let wrong = 0
  for (const x of site) {
    if (topScore(x) >= threshold && x.ranked.length) {
      if (isRight(x)) correct++
      else wrong++
    }
    else if (x.gold === null) correct++
  }
  return { correct: correct / site.length, wrong: wrong / site.length }
}

/** One threshold for all sites, because a new site has no labels: the best mean of correct decisions. */
export function commonThreshold(sites: Scored[][]): number {
  const all = [...new Set(sites.flat().map(topScore))].filter(Number.isFinite).sort((a, b) => a - b)
  const step = Math.max(1, Math.floor(all.length / 800))
  let best = { value: -1, threshold: Infinity }
  for (const threshold of [...all.filter((_, i) => i % step === 0), Infinity]) {
    const value = mean(sites.map(site => decisionsAt(site, threshold).correct))
    if (value > best.value + 1e-12) best = { value, threshold }
  }
  return best.threshold
}

function rightAtFivePercentWrong(site: Scored[]): number {
  const sorted = site.filter(x => x.ranked.length).sort((a, b) => topScore(b) - topScore(a))
  const inside = site.filter(x => x.gold !== null).length
  let right = 0
  let wrong = 0
  let best = 0
  sorted.forEach((x, i) => {
    if (isRight(x)) right++
    else wrong++
    const tied = i + 1 < sorted.length && topScore(sorted[i + 1]!) === topScore(x)
    if (!tied && wrong <= 0.05 * site.length) best = Math.max(best, right / inside)
  })
  return best
}

export function figures(site: Scored[], threshold: number): Figures {
  const inside = site.filter(x => x.gold !== null)
  return {
    top1: mean(inside.map(x => isRight(x) ? 1 : 0)),
    top3: mean(inside.map(x => x.ranked.slice(0, 3).some(([id]) => id === x.gold) ? 1 : 0)),
    ...decisionsAt(site, threshold),
    at5: rightAtFivePercentWrong(site),
  }
}

export function meanFigures(list: Figures[]): Figures {
  const of = (key: keyof Figures) => mean(list.map(entry => entry[key]))
  return { top1: of('top1'), top3: of('top3'), correct: of('correct'), wrong: of('wrong'), at5: of('at5') }
}
