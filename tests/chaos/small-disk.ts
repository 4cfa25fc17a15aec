import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A disk of its own, in memory, that can be filled. */
export interface SmallDisk {
  folder: string
  /** Leaves nothing free. */
  fill: () => void
  makeRoom: () => void
  remove: () => void
}

/** null where this process may not mount one (that takes root). */
export function mountSmallDisk(megabytes: number): SmallDisk | null {
  const folder = mkdtempSync(join(tmpdir(), 'vb-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], { stdio: 'ignore' })
  }
  catch {
    rmSync(folder, { recursive: true })
    return null
  }
  let fillers = 0
  const filler = (number: number) => join(folder, `filler-${number}`)
  return {
    folder,
    fill: () => {
      const { bavail, bsize } = statfsSync(folder)
      if (!bavail) return
      try {
        writeFileSync(filler(++fillers), Buffer.alloc(bavail * bsize))
      }
      catch { /* The database was quicker: full all the same. */ }
    },
    makeRoom: () => {
      for (; fillers > 0; fillers--) rmSync(filler(fillers), { force: true })
    },
    remove: () => {
      execFileSync('umount', ['-l', folder])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
