import { writeSync } from 'node:fs'

/** Below the 4,096 bytes that a pipe takes whole, so that the lines of several workers do not mix. */
const PIECE_BYTES = 3_072
const PAUSE_MS = 100
/** What is kept for a place that takes nothing (a full disk, a reader that stands still); further lines are left out. */
const KEPT_BYTES = 1_000_000
const LAST_TRIES = 50
const LAST_PAUSE_MS = 20

export interface LogDestinationOptions {
  /** Takes bytes and says how many it took; throws as `writeSync` does. stdout when left out. */
  take?: (piece: Buffer) => number
  /** Told, once lines are taken again, how many were left out meanwhile. */
  onTakenAgain?: (leftOut: number) => void
}

/**
 * Where the log goes, for pino. Lines are written at once, or gathered; whatever happens to the place they go to, the
 * server goes on: lines wait for a full disk to have room and for a slow reader, up to a megabyte, and nothing is written
 * any more once nobody reads (EPIPE).
 */
export class LogDestination {
  private lines: Buffer[] = []
  private bytes = 0
  /** Of which a part was taken, or which was refused. */
  private piece: Buffer | null = null
  private leftOut = 0
  private gathering = false
  private nobodyReads = false
  private timer: NodeJS.Timeout | undefined
  private readonly take: (piece: Buffer) => number
  private readonly onTakenAgain: (leftOut: number) => void

  constructor({ take = piece => writeSync(1, piece), onTakenAgain = () => {} }: LogDestinationOptions = {}) {
    this.take = take
    this.onTakenAgain = onTakenAgain
  }

  /** From now on lines of level info wait for more of them, at most `PAUSE_MS`; anything else is written at once, with what came before it. */
  gather(): void {
    this.gathering = true
  }

  /** @param line one log line with its line break */
  write(line: string): void {
    if (this.nobodyReads) return
    const bytes = Buffer.from(line)
    if (this.bytes + bytes.length > KEPT_BYTES) {
      this.leftOut++
      return
    }
    this.lines.push(bytes)
    this.bytes += bytes.length
    if (this.gathering && this.bytes < PIECE_BYTES && line.startsWith('{"level":"info"')) this.flushSoon()
    else this.flush()
  }

  /** Writes what waits, as far as it is taken; the rest is tried again. */
  flush(): void {
    if (this.tryToFlush() !== null) this.flushSoon()
  }

  /** Writes what waits, for the end of a process: gives a slow reader a second, and up at once where nothing is taken. */
  flushSync(): void {
    for (let tries = 0; tries < LAST_TRIES && this.tryToFlush() === 'EAGAIN'; tries++) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LAST_PAUSE_MS)
  }

  private flushSoon(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined
      this.flush()
    }, PAUSE_MS).unref()
  }

  /** The code of what stood in the way; null: everything is written. */
  private tryToFlush(): string | null {
    while ((this.piece ??= this.nextPiece())) {
      try {
        const taken = this.take(this.piece)
        this.piece = taken < this.piece.length ? this.piece.subarray(taken) : null
      }
      catch (error) {
        const { code = 'UNKNOWN' } = error as NodeJS.ErrnoException
        if (code !== 'EPIPE') return code
        this.nobodyReads = true
        this.lines = []
        this.piece = null
      }
    }
    const { leftOut } = this
    this.leftOut = 0
    if (leftOut) this.onTakenAgain(leftOut)
    return null
  }

  /** Whole lines, as many as fit into a piece, or one that is longer. */
  private nextPiece(): Buffer | null {
    let count = 0
    let length = 0
    while (count < this.lines.length && (count === 0 || length + this.lines[count]!.length <= PIECE_BYTES)) length += this.lines[count++]!.length
    if (!count) return null
    this.bytes -= length
    return Buffer.concat(this.lines.splice(0, count), length)
  }
}
