/** A list of 32-bit integers that grows by doubling: a plain array of this length holds up the garbage collector. */
export class GrowingInts {
  /** Room for `length` numbers and more. A later `push` may replace it. */
  values = new Int32Array(65_536)
  length = 0

  push(value: number): void {
    if (this.length === this.values.length) {
      const wider = new Int32Array(2 * this.values.length)
      wider.set(this.values)
      this.values = wider
    }
    this.values[this.length++] = value
  }
}
