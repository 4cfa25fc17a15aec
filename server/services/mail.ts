import { AppError } from '#server/core/app-error'
import { env } from '#server/core/env'
import { log } from '#server/core/log'

export interface Mail { to: string, subject: string, text: string, attachments?: { filename: string, content: Uint8Array, contentType: string }[] }

/** Sends a mail through SMTP_URL. Throws UNAVAILABLE where none is set or the server does not take it. */
export async function sendMail(mail: Mail): Promise<void> {
  const { SMTP_URL, MAIL_FROM } = env()
  if (!SMTP_URL) throw new AppError('UNAVAILABLE', 'This site has no mail server set up: download the file instead.', { retryAfter: 3600 })
  const { createTransport } = await import('nodemailer')
  const transport = createTransport(SMTP_URL, { from: MAIL_FROM ?? `VasiliasBot <no-reply@${new URL(SMTP_URL).hostname}>` })
  try {
    await transport.sendMail({ ...mail, attachments: mail.attachments?.map(file => ({ ...file, content: Buffer.from(file.content) })) })
  }
  catch (cause) {
    log.error({ code: (cause as { code?: string }).code }, 'The mail server did not take a mail')
    throw new AppError('UNAVAILABLE', 'The mail could not be sent just now: try again later, or download the file.', { cause: (cause as { code?: string }).code, retryAfter: 60 })
  }
  finally {
    transport.close()
  }
}
