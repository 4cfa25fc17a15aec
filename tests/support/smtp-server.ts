import { createServer, type AddressInfo } from 'node:net'

export interface SmtpServer {
  /** For SMTP_URL. */
  url: string
  /** The mails taken, each with its envelope and everything between DATA and the dot. */
  mails: { from: string, to: string[], data: string }[]
  /** Answers RCPT TO with this from now on, such as `550 No such mailbox`; null takes every recipient. */
  refuse: (line: string | null) => void
  stop: () => Promise<void>
}

/** A mail server that keeps what it is sent: as much SMTP as a client without encryption speaks. */
export async function startSmtpServer(): Promise<SmtpServer> {
  const mails: SmtpServer['mails'] = []
  let refusal: string | null = null
  const server = createServer((socket) => {
    let mail = { from: '', to: [] as string[], data: '' }
    let isData = false
    let rest = ''
    const say = (line: string) => void socket.write(`${line}\r\n`)
    const address = (line: string) => /<(.*?)>/.exec(line)?.[1] ?? ''
    function take(line: string): void {
      if (isData) {
        if (line !== '.') return void (mail.data += `${line}\n`)
        isData = false
        mails.push(mail)
        mail = { from: '', to: [], data: '' }
        return say('250 Taken')
      }
      if (/^MAIL FROM/i.test(line)) mail.from = address(line)
      if (/^RCPT TO/i.test(line)) {
        if (refusal) return say(refusal)
        mail.to.push(address(line))
      }
      isData = /^DATA/i.test(line)
      if (/^QUIT/i.test(line)) return void socket.end('221 Bye\r\n')
      say(isData ? '354 Go ahead' : '250 Fine')
    }
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      const lines = (rest + chunk.toString('latin1')).split('\r\n')
      rest = lines.pop()!
      for (const line of lines) take(line)
    })
    say('220 localhost')
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mails,
    refuse: line => refusal = line,
    stop: () => new Promise(resolve => server.close(() => resolve())),
  }
}
