import { ESLint } from 'eslint'
import tseslint from '@typescript-eslint/parser'
import tsPlugin from '@typescript-eslint/eslint-plugin'
import vueParser from 'vue-eslint-parser'
import { describe, expect, it } from 'vitest'
import { boundaries } from '../../../../scripts/lint/boundaries.mjs'

/** The boundaries alone, without Nuxt's other rules: fast, and nothing else can make a snippet fail. */
const eslint = new ESLint({
  overrideConfigFile: true,
  overrideConfig: [
    { files: ['**/*.ts'], languageOptions: { parser: tseslint } },
    { files: ['**/*.vue'], languageOptions: { parser: vueParser, parserOptions: { parser: tseslint } } },
    // eslint's and typescript-eslint's types of a plugin differ in what neither of them uses here
    { plugins: { '@typescript-eslint': tsPlugin as unknown as ESLint.Plugin } },
    ...boundaries,
  ],
})

async function complaints(filePath: string, code: string) {
  const source = filePath.endsWith('.vue') ? `<script setup lang="ts">\n${code}\n</script>` : code
  const [result] = await eslint.lintText(source, { filePath })
  return result!.messages.map(message => message.message)
}

const refused: [file: string, code: string][] = [
  ['pages/index.vue', 'import { x } from \'#server/services/faqs/list-faqs\''],
  ['pages/index.vue', 'import { x } from \'~/server/services/faqs/list-faqs\''],
  ['pages/account/plan.vue', 'import { x } from \'../../server/core/env\''],
  ['pages/index.vue', 'const x = await import(\'#server/core/env\')'],
  ['pages/index.vue', 'import { faqs } from \'#drizzle/schema\''],
  ['pages/index.vue', 'const x = await $fetch(\'/api/chatbot/faqs\')'],
  ['pages/index.vue', 'const x = await $fetch.raw(\'/api/chatbot/faqs\')'],
  ['pages/index.vue', 'import { sendMessageSchema } from \'#shared/contracts/chat\''],
  ['pages/index.vue', 'import { z } from \'zod\''],
  ['pages/admin/index.vue', 'import { x } from \'#server/services/faqs/list-faqs\''],
  ['layouts/default.vue', 'import { x } from \'#server/db/client\''],
  ['layouts/admin.vue', 'import { x } from \'#server/db/client\''],
  ['app.vue', 'import { x } from \'#server/db/client\''],
  ['middleware/admin.ts', 'import { x } from \'#server/db/client\''],
  ['components/chat/ChatWidget.vue', 'import { x } from \'#server/services/faqs/list-faqs\''],
  ['components/chat/ChatWidget.vue', 'const { data } = await useFetch(\'/api/chatbot/faqs\')'],
  ['components/chat/ChatWidget.vue', 'await $fetch(\'/api/chatbot/faqs\')'],
  ['components/chat/ChatWidget.vue', 'await fetch(\'/api/chatbot/faqs\')'],
  ['components/chat/ChatWidget.vue', 'import page from \'~/pages/index.vue\''],
  ['components/chat/ChatWidget.vue', 'import { sendMessageSchema } from \'#shared/contracts/chat\''],
  ['components/admin/FaqForm.vue', 'await useFetch(\'/api/admin/faqs\')'],
  ['components/admin/FaqForm.vue', 'import { faqs } from \'#drizzle/schema\''],
  ['stores/chat.ts', 'import ChatWidget from \'~/components/chat/ChatWidget.vue\''],
  ['stores/chat.ts', 'import { x } from \'../server/services/faqs/list-faqs\''],
  ['stores/chat.ts', 'import { z } from \'zod\''],
  ['stores/chat.ts', 'await $fetch(\'/api/chatbot/faqs\')'],
  ['stores/chat.ts', 'import { readFileSync } from \'node:fs\''],
  ['stores/admin-faqs.ts', 'import { x } from \'#server/services/faqs/list-faqs\''],
  ['composables/useApi.ts', 'import { x } from \'#server/core/env\''],
  ['shared/contracts/chat.ts', 'import { ref } from \'vue\''],
  ['shared/contracts/chat.ts', 'import { faqs } from \'../../drizzle/schema\''],
  ['shared/contracts/chat.ts', 'import { x } from \'../../server/core/env\''],
  ['server/core/env.ts', 'import { x } from \'#server/services/faqs/list-faqs\''],
  ['server/core/env.ts', 'import { getHeader } from \'h3\''],
  ['server/core/env.ts', 'import { x } from \'../db/client\''],
  ['server/db/client.ts', 'import { x } from \'#server/services/faqs/list-faqs\''],
  ['server/db/faqs.ts', 'import { createError } from \'h3\''],
  ['server/services/faqs/list-faqs.ts', 'import { getHeader } from \'h3\''],
  ['server/services/faqs/list-faqs.ts', 'import { x } from \'#server/utils/api-route\''],
  ['server/services/faqs/list-faqs.ts', 'import { x } from \'../../utils/api-route\''],
  ['server/services/faqs/list-faqs.ts', 'import handler from \'#server/api/chatbot/faqs\''],
  ['server/services/faqs/list-faqs.ts', 'import { eq } from \'drizzle-orm\''],
  ['server/services/faqs/list-faqs.ts', 'import { faqs } from \'#drizzle/schema\''],
  ['server/services/faqs/list-faqs.ts', 'import postgres from \'postgres\''],
  ['server/services/faqs/list-faqs.ts', 'import { useApi } from \'~/composables/useApi\''],
  ['server/utils/api-route.ts', 'import { eq } from \'drizzle-orm\''],
  ['server/utils/api-route.ts', 'import handler from \'../api/chatbot/faqs\''],
  ['server/api/chatbot/faqs.ts', 'import { db } from \'#server/db/client\''],
  ['server/api/chatbot/faqs.ts', 'import { db } from \'../../db/client\''],
  ['server/api/chatbot/faqs.ts', 'const { db } = await import(\'#server/db/client\')'],
  ['server/api/chatbot/faqs.ts', 'import { faqs } from \'#drizzle/schema\''],
  ['server/api/chatbot/faqs.ts', 'import { eq } from \'drizzle-orm\''],
  ['server/middleware/request-context.ts', 'import { db } from \'#server/db/client\''],
  ['server/entry/node-server.ts', 'import { eq } from \'drizzle-orm\''],
]

const allowed: [file: string, code: string][] = [
  ['pages/index.vue', 'import { useChatStore } from \'~/stores/chat\''],
  ['pages/index.vue', 'import type { SendMessage } from \'#shared/contracts/chat\''],
  ['pages/index.vue', 'import { errorStatus } from \'#shared/contracts/errors\''],
  ['pages/admin/faqs.vue', 'import { faqInputSchema } from \'#shared/contracts/admin\''],
  ['components/chat/ChatWidget.vue', 'import { useChatStore } from \'~/stores/chat\''],
  ['components/chat/ChatWidget.vue', 'import type { ChatMessage } from \'#shared/contracts/chat\''],
  ['stores/chat.ts', 'import { useApi } from \'~/composables/useApi\''],
  ['stores/chat.ts', 'import { defineStore } from \'pinia\''],
  ['composables/api-client.ts', 'const answer = await fetch(\'/api/chatbot/faqs\')'],
  ['shared/contracts/chat.ts', 'import { z } from \'zod\'\nimport { typedText } from \'./text\''],
  ['server/core/crypto.ts', 'import { randomBytes } from \'node:crypto\'\nimport { AppError } from \'./app-error\''],
  ['server/db/faqs.ts', 'import { eq } from \'drizzle-orm\'\nimport { faqs } from \'#drizzle/schema\'\nimport { AppError } from \'#server/core/app-error\''],
  ['server/services/faqs/list-faqs.ts', 'import { listActiveFaqs } from \'#server/db/faqs\'\nimport { AppError } from \'#server/core/app-error\''],
  ['server/services/faqs/list-faqs.ts', 'import type { faqs } from \'#drizzle/schema\''],
  ['server/services/answering/answer-question.ts', 'import { matchFaq } from \'./faq-matcher/match\'\nimport { x } from \'../config/read-config\''],
  ['server/services/seed.ts', 'import { seedFaqs } from \'#drizzle/seed/faqs\''],
  ['server/utils/require-customer.ts', 'import { findSession } from \'#server/services/accounts/sessions\'\nimport { getCookie } from \'h3\''],
  ['server/api/chatbot/faqs.ts', 'import { listFaqs } from \'#server/services/faqs/list-faqs\'\nimport { defineApiRoute } from \'#server/utils/api-route\'\nimport { AppError } from \'#server/core/app-error\''],
  ['server/entry/node-server.ts', 'import { openDatabase } from \'#server/db/client\'\nimport { readEnv } from \'#server/core/env\''],
  ['scripts/db.ts', 'import { openDatabase } from \'../server/db/client\''],
  ['tests/integration/chatbot/faqs.test.ts', 'import { db } from \'#server/db/client\''],
]

describe('the import boundaries', () => {
  it.each(refused)('refuse in %s: %s', async (file, code) => {
    expect(await complaints(file, code)).not.toEqual([])
  })

  it.each(allowed)('allow in %s: %s', async (file, code) => {
    expect(await complaints(file, code)).toEqual([])
  })

  it('are part of the configuration that `npm run lint` uses', async () => {
    const config = await new ESLint().calculateConfigForFile('server/api/chatbot/faqs.ts') as { rules: Record<string, [number, ...unknown[]]> }
    expect(config.rules['@typescript-eslint/no-restricted-imports']?.[0]).toBe(2)
  })
})
