import type { RagApiFormat } from '#shared/contracts/admin'
import type { RagAdapter } from '../rag-client'
import { dify } from './dify'
import { flowise } from './flowise'
import { openai } from './openai'
import { plain } from './plain'

export const adapters: Record<RagApiFormat, RagAdapter> = { plain, openai, dify, flowise }
