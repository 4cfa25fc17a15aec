import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The folders whose files the built server carries inside; `nitro.serverAssets` in nuxt.config.ts names the same. */
const folders = { fonts: 'node_modules/dejavu-fonts-ttf/ttf' } as const
type AssetFolder = keyof typeof folders

export type AssetSource = (folder: AssetFolder, name: string) => Promise<Uint8Array>

/** Tests and commands run in the project's folder and read the files where they are. */
let source: AssetSource = (folder, name) => readFile(join(process.cwd(), folders[folder], name))

export function setAssetSource(replacement: AssetSource): void {
  source = replacement
}

export const loadAsset: AssetSource = (folder, name) => source(folder, name)
