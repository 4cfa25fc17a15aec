import { and, eq, sql } from 'drizzle-orm'
import { chatConfig } from '#drizzle/schema'
import { db } from './client'

export type ConfigRow = typeof chatConfig.$inferSelect
export type ConfigFields = Partial<Omit<typeof chatConfig.$inferInsert, 'id' | 'singleton' | 'version' | 'updatedAt'>>

export async function findConfig(): Promise<ConfigRow | null> {
  return (await db().select().from(chatConfig).limit(1))[0] ?? null
}

/** Stores the first config; false when there is one already. */
export async function insertConfig(config: Omit<typeof chatConfig.$inferInsert, 'id' | 'singleton' | 'version' | 'updatedAt'>): Promise<boolean> {
  return (await db().insert(chatConfig).values(config).onConflictDoNothing().returning({ id: chatConfig.id })).length > 0
}

/** Saves over the version seen; null when the stored one has moved on. */
export async function updateConfig(fields: ConfigFields, version: number): Promise<ConfigRow | null> {
  const [row] = await db().update(chatConfig).set({ ...fields, version: sql`${chatConfig.version} + 1`, updatedAt: new Date() })
    .where(and(chatConfig.singleton, eq(chatConfig.version, version))).returning()
  return row ?? null
}

/** Replaces the RAG API key's box by another with the same key in it; false when it has been changed meanwhile. */
export async function replaceSealedKey(before: string, after: string): Promise<boolean> {
  return (await db().update(chatConfig).set({ ragApiKeyEncrypted: after }).where(eq(chatConfig.ragApiKeyEncrypted, before)).returning({ id: chatConfig.id })).length > 0
}
