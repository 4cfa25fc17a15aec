import { Zip, ZipDeflate } from 'fflate'

export interface ZipEntry { name: string, pieces: AsyncGenerator<string> }

/** Below it a piece waits for the next: a stream of thousands of tiny chunks costs more than it saves. */
const CHUNK_BYTES = 16 * 1024

/** A zip of these files as it is made: one file after the other, each read only as fast as the zip is taken. */
export async function* zipFiles(entries: AsyncGenerator<ZipEntry>): AsyncGenerator<Uint8Array> {
  let made: Uint8Array[] = []
  let bytes = 0
  let failure: Error | null = null
  const zip = new Zip((error, data) => {
    if (error) failure = error
    made.push(data)
    bytes += data.length
  })
  const take = () => {
    if (failure) throw failure
    const chunk = Buffer.concat(made)
    made = []
    bytes = 0
    return chunk
  }
  const encoder = new TextEncoder()
  for await (const { name, pieces } of entries) {
    const file = new ZipDeflate(name, { level: 6 })
    file.mtime = new Date()
    zip.add(file)
    for await (const piece of pieces) {
      file.push(encoder.encode(piece))
      if (bytes >= CHUNK_BYTES) yield take()
    }
    file.push(new Uint8Array(0), true)
    if (bytes >= CHUNK_BYTES) yield take()
  }
  zip.end()
  yield take()
}
