/** Numbers from 0 to 1 that come in the same order for the same seed; and what is made of them. */
export interface Random {
  (): number
  /** From `low` up to, but not, `high`. */
  between: (low: number, high: number) => number
  /** A whole number from 0 to `count - 1`. */
  below: (count: number) => number
  pick: <Item>(items: readonly Item[]) => Item
  shuffle: <Item>(items: readonly Item[]) => Item[]
}

/** mulberry32. */
export function seeded(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6D2B79F5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (count: number) => Math.floor(next() * count)
  return Object.assign(next, {
    between: (low: number, high: number) => low + next() * (high - low),
    below,
    pick: <Item>(items: readonly Item[]) => items[below(items.length)]!,
    shuffle: <Item>(items: readonly Item[]) => {
      const shuffled = [...items]
      for (let last = shuffled.length - 1; last > 0; last--) {
        const other = below(last + 1)
        ;[shuffled[last], shuffled[other]] = [shuffled[other]!, shuffled[last]!]
      }
      return shuffled
    },
  })
}
