import { crc32, deflateSync, inflateSync } from 'node:zlib'

/*
 * Screenshots with 256 colours at most: a third of the size, and no difference that an eye would find in an interface.
 * Reads what Chromium writes (8 bits a channel, RGB or RGBA, not interlaced); what is transparent turns opaque.
 */
interface Pixels { width: number, height: number, rgb: Uint8Array }

const SIGNATURE = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10])

/** What each filter of PNG takes as the value a byte differs from: of the bytes to the left, above, and above left. */
const predictions: ((left: number, up: number, corner: number) => number)[] = [
  () => 0,
  left => left,
  (_, up) => up,
  (left, up) => (left + up) >> 1,
  (left, up, corner) => {
    const by = [left, up, corner].map(value => Math.abs(left + up - corner - value))
    return by[0]! <= by[1]! && by[0]! <= by[2]! ? left : by[1]! <= by[2]! ? up : corner
  },
]

function decode(png: Buffer): Pixels {
  const width = png.readUInt32BE(16)
  const height = png.readUInt32BE(20)
  const channels = ({ 2: 3, 6: 4 } as Record<number, number>)[png[25]!]
  if (!png.subarray(0, 8).equals(SIGNATURE) || png[24] !== 8 || !channels || png[28]) throw new Error('Not a PNG as Chromium writes it')
  const parts: Buffer[] = []
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)))
  }
  const lines = inflateSync(Buffer.concat(parts))
  const stride = width * channels
  const rgb = new Uint8Array(width * height * 3)
  let above = new Uint8Array(stride)
  for (let y = 0; y < height; y++) {
    const predict = predictions[lines[y * (stride + 1)]!]!
    const line = lines.subarray(y * (stride + 1) + 1, (y + 1) * (stride + 1))
    for (let x = 0; x < stride; x++) line[x] = line[x]! + predict(x < channels ? 0 : line[x - channels]!, above[x]!, x < channels ? 0 : above[x - channels]!)
    for (let x = 0; x < width; x++) rgb.set(line.subarray(x * channels, x * channels + 3), (y * width + x) * 3)
    above = new Uint8Array(line)
  }
  return { width, height, rgb }
}

interface Colour { red: number, green: number, blue: number, count: number }
type Channel = 'red' | 'green' | 'blue'
const sum = (colours: Colour[], of: (colour: Colour) => number) => colours.reduce((total, colour) => total + of(colour) * colour.count, 0)
const mean = (colours: Colour[], channel: Channel) => sum(colours, colour => colour[channel]) / sum(colours, () => 1)

/** How far a box of colours reaches, by its widest channel: rare colours count less, but do count. */
function spread(colours: Colour[]): { channel: Channel, by: number } {
  const by = (channel: Channel) => {
    const middle = mean(colours, channel)
    return colours.reduce((total, colour) => total + (colour[channel] - middle) ** 2 * Math.sqrt(colour.count), 0)
  }
  return (['red', 'green', 'blue'] as const).map(channel => ({ channel, by: by(channel) })).reduce((most, one) => (one.by > most.by ? one : most))
}

/** Median cut: splits the box that reaches furthest until there are 256. */
function palette(colours: Colour[]): Colour[][] {
  const boxes = [{ colours, ...spread(colours) }]
  while (boxes.length < 256) {
    const widest = boxes.reduce((most, box) => (box.by > most.by ? box : most))
    if (!widest.by) break
    const sorted = [...widest.colours].sort((a, b) => a[widest.channel] - b[widest.channel])
    const middle = mean(sorted, widest.channel)
    const at = Math.min(sorted.length - 1, Math.max(1, sorted.findIndex(colour => colour[widest.channel] > middle)))
    boxes.splice(boxes.indexOf(widest), 1, ...[sorted.slice(0, at), sorted.slice(at)].map(half => ({ colours: half, ...spread(half) })))
  }
  return boxes.map(box => box.colours)
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const whole = Buffer.alloc(body.length + 8)
  whole.writeUInt32BE(data.length, 0)
  body.copy(whole, 4)
  whole.writeUInt32BE(crc32(body), body.length + 4)
  return whole
}

/** The same picture in a palette of 256 colours. */
export function toPalette(png: Buffer): Buffer {
  const { width, height, rgb } = decode(png)
  const keyAt = (at: number) => (rgb[at]! << 16) | (rgb[at + 1]! << 8) | rgb[at + 2]!
  const counts = new Map<number, number>()
  for (let at = 0; at < rgb.length; at += 3) counts.set(keyAt(at), (counts.get(keyAt(at)) ?? 0) + 1)
  const boxes = palette([...counts].map(([key, count]) => ({ red: key >> 16, green: (key >> 8) & 255, blue: key & 255, count })))
  const index = new Map(boxes.flatMap((box, n) => box.map(({ red, green, blue }) => [(red << 16) | (green << 8) | blue, n] as const)))
  // A box takes the colour it has most of: flat surfaces stay exactly what they are.
  const colours = boxes.flatMap((box) => {
    const { red, green, blue } = box.reduce((most, colour) => (colour.count > most.count ? colour : most))
    return [red, green, blue]
  })
  const lines = Buffer.alloc((width + 1) * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) lines[y * (width + 1) + x + 1] = index.get(keyAt((y * width + x) * 3))!
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, 3, 0, 0, 0], 8)
  return Buffer.concat([SIGNATURE, chunk('IHDR', head), chunk('PLTE', Uint8Array.from(colours)), chunk('IDAT', deflateSync(lines, { level: 9, memLevel: 9 })), chunk('IEND', new Uint8Array())])
}
