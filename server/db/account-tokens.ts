import { and, eq, sql } from 'drizzle-orm'
import { accountTokens } from '#drizzle/schema'
import { db } from './client'
import { timeIn } from './time'

export type TokenPurpose = 'password_reset' | 'verify_email'
export interface AccountToken { userId: string, email: string, expiresAt: Date }

const columns = { userId: accountTokens.userId, email: accountTokens.email, expiresAt: accountTokens.expiresAt }
const live = (purpose: TokenPurpose, tokenHash: string) => and(eq(accountTokens.tokenHash, tokenHash), eq(accountTokens.purpose, purpose), sql`${accountTokens.expiresAt} > now()`)

/** Stores the user's link for this purpose in place of the one before, which is void from then on. */
export async function putAccountToken({ lifeMs, ...token }: Omit<AccountToken, 'expiresAt'> & { purpose: TokenPurpose, tokenHash: string, lifeMs: number }): Promise<void> {
  const { userId: _, purpose: __, ...rest } = { ...token, createdAt: sql`now()`, expiresAt: timeIn(lifeMs) }
  await db().insert(accountTokens).values({ ...token, ...rest }).onConflictDoUpdate({ target: [accountTokens.userId, accountTokens.purpose], set: rest })
}

/** Looks without using it up; null: unknown, used, or over. */
export async function findAccountToken(purpose: TokenPurpose, tokenHash: string): Promise<AccountToken | null> {
  return (await db().select(columns).from(accountTokens).where(live(purpose, tokenHash)))[0] ?? null
}

/** Uses it up; null as above: of two at the same moment one gets it. */
export async function consumeAccountToken(purpose: TokenPurpose, tokenHash: string): Promise<AccountToken | null> {
  return (await db().delete(accountTokens).where(live(purpose, tokenHash)).returning(columns))[0] ?? null
}

/** Voids whatever links the user was sent. */
export async function deleteAccountTokensOf(userId: string): Promise<void> {
  await db().delete(accountTokens).where(eq(accountTokens.userId, userId))
}

export async function deleteExpiredAccountTokens(): Promise<void> {
  await db().delete(accountTokens).where(sql`${accountTokens.expiresAt} < now()`)
}
