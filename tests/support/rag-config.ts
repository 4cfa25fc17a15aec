import { updateConfig, findConfig, type ConfigFields } from '#server/db/config'
import { bumpRevision } from '#server/db/revisions'
import { forgetCircuit } from '#server/services/answering/rag/circuit'
import { sealRagApiKey } from '#server/services/config/rag-api-key'
import { forgetRevisions } from '#server/services/revision-watch'

/** Changes the config past the API, in force at once and with a closed circuit breaker. */
export async function configure(fields: ConfigFields & { key?: string }): Promise<void> {
  const { key, ...columns } = fields
  await updateConfig({ ...columns, ...(key ? { ragApiKeyEncrypted: sealRagApiKey(key) } : {}) }, (await findConfig())!.version)
  await bumpRevision('config')
  forgetRevisions()
  forgetCircuit()
}

/** Words no FAQ knows, so that the question goes to the RAG API. */
export const unknownQuestion = (n = 0) => `zxqv brimble ${n} frobnicate quux`
