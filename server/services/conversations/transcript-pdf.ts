import { loadAsset } from '#server/core/assets'
import { speakerOf, transcriptTime, type Transcript } from './transcript'

/**
 * The transcript as a PDF. DejaVu Sans is embedded: a PDF's built-in fonts have no Greek. It draws Latin, Greek,
 * Cyrillic, Hebrew, Arabic, Armenian and Georgian; other scripts need the txt or json form.
 */
export async function renderTranscriptPdf(transcript: Transcript): Promise<Uint8Array> {
  const { default: PDFDocument } = await import('pdfkit')
  const [regular, bold] = await Promise.all([loadAsset('fonts', 'DejaVuSans.ttf'), loadAsset('fonts', 'DejaVuSans-Bold.ttf')])
  // `font: null` keeps pdfkit from loading Helvetica; its types do not know it.
  const pdf = new PDFDocument({ size: 'A4', margin: 56, font: null as unknown as string, info: { Title: `Conversation with ${transcript.botName}` } })
  const chunks: Uint8Array[] = []
  const ended = new Promise<void>((resolve, reject) => pdf.on('data', (chunk: Uint8Array) => chunks.push(chunk)).on('end', resolve).on('error', reject))
  pdf.registerFont('regular', Buffer.from(regular)).registerFont('bold', Buffer.from(bold))
  pdf.font('bold').fontSize(16).fillColor('#111').text(`Conversation with ${transcript.botName}`)
  pdf.font('regular').fontSize(9).fillColor('#555').text(`Started ${transcriptTime(transcript.conversation.started_at)}`).moveDown()
  for (const message of transcript.messages) {
    pdf.moveDown(0.6).font('bold').fontSize(10).fillColor('#111').text(speakerOf(message, transcript), { continued: true })
    pdf.font('regular').fontSize(8).fillColor('#555').text(`   ${transcriptTime(message.timestamp)}`)
    pdf.fontSize(10).fillColor('#111').text(message.text)
    for (const suggestion of message.suggestions ?? []) pdf.text(`•  ${suggestion.question}`, { indent: 12 })
    for (const citation of message.citations ?? []) pdf.fontSize(8).fillColor('#555').text(`Source: ${[citation.title, citation.url].filter(Boolean).join(' ')}`)
  }
  pdf.end()
  await ended
  return Buffer.concat(chunks)
}
