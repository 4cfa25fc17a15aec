import { mkdirSync, writeFileSync } from 'node:fs'
import type { LinearMetric, MatcherArtifacts } from '../../server/services/answering/faq-matcher/artifacts'
import type { RankerModel } from '../../server/services/answering/faq-matcher/rank'
import { ENCODER_METRIC_WIDTH, STATIC_METRIC_WIDTH, type Tables } from './fit-artifacts'
import { GLOVE_ROWS, GLOVE_WIDTH, STATIC_ROWS, STATIC_WIDTH } from './word-tables'

/** The files that `readArtifacts` reads. */
export function writeArtifacts(folder: string, tables: Tables & { words: string[] }, artifacts: MatcherArtifacts, model: RankerModel): void {
  mkdirSync(folder, { recursive: true })
  const file = (name: string, data: string | NodeJS.ArrayBufferView) => writeFileSync(`${folder}/${name}`, data)
  const floats = (...parts: Float32Array[]) => Buffer.concat(parts.map(part => Buffer.from(part.buffer, part.byteOffset, part.byteLength)))
  const metric = ({ mean, matrix }: LinearMetric) => floats(mean, matrix)
  const backgroundScale = artifacts.backgroundEncoded.reduce((top, x) => Math.max(top, Math.abs(x)), 0) / 127
  file('words.txt', tables.words.map((word, row) => `${word} ${tables.ranks[row]}`).join('\n') + '\n')
  file('static.i8', tables.staticTable)
  file('static-scale.f32', floats(tables.staticScale))
  file('glove.i8', tables.gloveTable)
  file('static-metric.f32', metric(artifacts.staticMetric))
  file('encoder-metric.f32', metric(artifacts.encoderMetric))
  file('background.i8', Int8Array.from(artifacts.backgroundEncoded, x => Math.round(x / backgroundScale)))
  file('model.json', JSON.stringify(model, (_, x: unknown) => typeof x === 'number' ? Number(x.toPrecision(7)) : x, 1) + '\n')
  file('manifest.json', JSON.stringify({
    staticRows: STATIC_ROWS, staticWidth: STATIC_WIDTH, gloveRows: GLOVE_ROWS, gloveWidth: GLOVE_WIDTH,
    metricWidth: { static: STATIC_METRIC_WIDTH, encoder: ENCODER_METRIC_WIDTH }, encoderWidth: 512,
    background: artifacts.background, backgroundScale, plainSpread: artifacts.plainSpread,
  }, null, 1) + '\n')
}
