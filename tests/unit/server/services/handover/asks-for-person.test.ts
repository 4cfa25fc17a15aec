import { expect, it } from 'vitest'
import { asksForPerson } from '#server/services/handover/asks-for-person'
import { en } from '~/composables/chat/texts/en'
import el from '~/composables/chat/texts/el'

it.each([
  'I want to talk to a person', 'can I speak to someone', 'Could we please speak with one of your planners?', 'Talk to a human', 'I’d like to chat with a real person please',
  'Please let me speak to an agent', 'human please', 'a real person please', 'Connect me to an agent', 'put me through to somebody', 'I need a human', 'I want to have a real person', 'Can I talk to someone about changing the menu for 80 guests?',
])('hears the wish for a person in “%s”', text => expect(asksForPerson(text)).toBe('en'))

it.each([
  'Θέλω να μιλήσω με άνθρωπο', 'Μπορώ να μιλήσω με κάποιον;', 'θα ήθελα να μιλήσω με έναν σύμβουλο', 'Συνδέστε με με έναν υπάλληλο παρακαλώ', 'άνθρωπο παρακαλώ', 'thelo na miliso me anthropo', 'boro na miliso me kapoion',
])('hears it in Greek and Greeklish: “%s”', text => expect(asksForPerson(text)).toBe('el'))

it.each([
  'How can I talk to a person?', 'Where can I talk to somebody?', 'Πώς μπορώ να μιλήσω με κάποιον;', 'How many people can you host?', 'What is the price per person?', 'We need a person for the flowers who speaks Greek', 'Can you speak to the band about the noise?',
  'Do you have a human resources team?', 'I want to change the person on the booking', 'Is there an agent fee?', 'Θέλω να αλλάξω τον αριθμό των ατόμων', 'hello', '',
])('leaves “%s” to the FAQs', text => expect(asksForPerson(text)).toBeNull())

it('hears the chat’s own button in both languages', () => {
  expect(asksForPerson(en.person)).toBe('en')
  expect(asksForPerson(el.person)).toBe('el')
})
