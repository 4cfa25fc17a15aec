import { z } from 'zod'

/** An error in a browser. What is longer is cut, not refused: half a report is better than none. */
export const clientErrorSchema = z.object({
  message: z.string({ error: 'Send the error’s message.' }),
  stack: z.string().optional(),
  /** The path of the page, without query and fragment. */
  page: z.string().optional(),
}, { error: 'Send a JSON object with message, stack and page.' })
export type ClientError = z.output<typeof clientErrorSchema>
