/** Whether two JSON values are the same; the order of an object's keys counts, which costs at most a needless write. */
export const isEqual = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

/** A deep copy of a JSON value; undefined stays undefined. */
export const klona = <T>(value: T): T => value === undefined ? value : JSON.parse(JSON.stringify(value)) as T
