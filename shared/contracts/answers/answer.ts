import { z } from 'zod'

/*
 * What the API answers, as schemas: for its document (GET /api/openapi.json) and for the tests that hold every answer
 * against it. Kept apart from the requests, whose schemas the back office loads in the browser.
 */

/** A schema that says neither more nor less than the interface it stands for; the compiler refuses the rest. */
export const answerOf = <T>() => <Schema extends z.ZodType<T>>(schema: Schema & ([T] extends [z.output<Schema>] ? unknown : never)): Schema => schema

/** ISO 8601, UTC, with milliseconds. */
export const momentAnswer = z.iso.datetime({ precision: 3 })
export const idAnswer = z.guid()
export const countAnswer = z.int().min(0)
/** Milliseconds; a tenth is no promise. */
export const durationAnswer = z.number().min(0)

export const pageOf = <Item extends z.ZodType>(item: Item) => z.object({ items: z.array(item), next_cursor: z.string().nullable() })

/** What carries no data but that it was done. */
export const doneAnswer = z.object({ success: z.literal(true) })
