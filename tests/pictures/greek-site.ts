import { apiAs, expect } from '../support/e2e'
import { ADMIN } from '../support/app-server'

const faqs = [
  { question: 'Πόσους καλεσμένους μπορείτε να φιλοξενήσετε;', answer: 'Από δύο άτομα έως 240 καλεσμένους. Κάθε χώρος έχει το δικό του όριο· θα το βρείτε στη σελίδα [Τοποθεσίες](/locations).', phrasings: ['πόσα άτομα χωράνε', 'μέχρι πόσους καλεσμένους'] },
  { question: 'Τι γίνεται αν βρέξει την ημέρα του γάμου;', answer: 'Κάθε υπαίθριος χώρος έχει και στεγασμένη λύση, εξίσου όμορφη, που κρατάμε για εσάς **χωρίς χρέωση**. Αποφασίζουμε μαζί ως το μεσημέρι της προηγουμένης.', phrasings: ['αν βρέξει', 'τι κάνουμε με τη βροχή'] },
  { question: 'Πόσο νωρίτερα πρέπει να κλείσουμε;', answer: 'Για γάμο από τον Μάιο ως τον Οκτώβριο, περίπου έναν χρόνο νωρίτερα.', phrasings: ['πότε να κλείσουμε'] },
]

/** Gives the site of the pictures a Greek bot: greeting and questions. */
export async function speakGreekAsAdmin(origin: string): Promise<void> {
  const api = await apiAs({ ...ADMIN, name: 'Administrator' }, origin)
  const { version } = await (await api.get('/api/admin/config')).json()
  expect((await api.put('/api/admin/config', { data: { version, greeting: 'Γεια σας, είμαι ο VasiliasBot. Ρωτήστε με για χώρους, μενού, τιμές ή το πλάνο σας.' } })).status()).toBe(200)
  const { items } = await (await api.get('/api/admin/faqs?limit=100')).json()
  for (const { id, version: of } of items) expect((await api.patch(`/api/admin/faqs/${id}`, { data: { version: of, is_active: false } })).status()).toBe(200)
  for (const data of faqs) expect((await api.post('/api/admin/faqs', { data })).status()).toBe(201)
  await api.dispose()
}
