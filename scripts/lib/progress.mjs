const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']
const TICK_MS = 120

/** `7 s`, `1 min 4 s`. */
export function duration(ms) {
  const seconds = Math.round(ms / 1000)
  if (ms < 950) return `${(ms / 1000).toFixed(1)} s`
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

/**
 * Shows numbered steps: `1/3 Installing the packages (about a minute) …`, then how long it took. A terminal gets a
 * moving line with the elapsed time; a log gets two plain lines.
 */
export function createProgress(total, { stream = process.stdout, now = () => Date.now() } = {}) {
  let number = 0
  return {
    async step(title, work, { hint = '' } = {}) {
      const heading = `${++number}/${total} ${title}`
      const begun = now()
      const line = mark => `${mark}${heading}${hint ? ` (${hint})` : ''} …`
      let ticking
      if (stream.isTTY) {
        let frame = 0
        const draw = () => stream.write(`\r\u001B[2K${line(`${FRAMES[frame++ % FRAMES.length]} `)} ${duration(now() - begun)}`)
        draw()
        ticking = setInterval(draw, TICK_MS)
      }
      else {
        stream.write(`${line('')}\n`)
      }
      try {
        const result = await work()
        clearInterval(ticking)
        stream.write(stream.isTTY ? `\r\u001B[2K✓ ${heading}: ${duration(now() - begun)}\n` : `    done in ${duration(now() - begun)}\n`)
        return result
      }
      catch (error) {
        clearInterval(ticking)
        stream.write(stream.isTTY ? `\r\u001B[2K✗ ${heading}: failed after ${duration(now() - begun)}\n` : `    failed after ${duration(now() - begun)}\n`)
        throw error
      }
    },
    /** A step that has no end of its own: the last one, which goes on as the server. */
    last(title) {
      stream.write(`${++number}/${total} ${title} …\n`)
    },
  }
}
