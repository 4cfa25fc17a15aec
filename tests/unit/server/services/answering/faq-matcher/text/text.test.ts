import { describe, expect, it } from 'vitest'
import { plainSentences } from '#server/services/answering/faq-matcher/text/answer-text'
import { greekTerm } from '#server/services/answering/faq-matcher/text/greek'
import { exactKey, fold, words } from '#server/services/answering/faq-matcher/text/normalise'
import { segments } from '#server/services/answering/faq-matcher/text/sentences'
import { isSmallTalk, questionKey } from '#server/services/answering/faq-matcher/text/small-talk'
import { correctEnglish, editDistance, SiteSpeller } from '#server/services/answering/faq-matcher/text/spelling'

describe('normalising', () => {
  it('folds case, accents, apostrophes and the final sigma', () => {
    expect(fold('Πόσο ΚΟΣΤΊΖΕΙ ο Γάμος; I’m')).toBe('ποσο κοστιζει ο γαμοσ; i\'m')
  })

  it('spells out contractions and shorthand', () => {
    expect(words('can\'t u pls reply? thx')).toEqual(['can', 'not', 'you', 'please', 'reply', 'thanks'])
  })

  it('gives two writings of a question the same key', () => {
    expect(exactKey('Don’t we NEED a café?')).toBe(exactKey('dont we need a cafe'))
  })
})

describe('Greek and Greeklish', () => {
  it.each([
    ['πληρωμή', 'plhrwmh', 'plirwmi'], ['γάμου', 'gamos', 'gamwn'], ['ακύρωση', 'akyrwsh', 'akiroso'],
    ['ξενοδοχείο', 'ksenodoxeio', 'xenodohio'], ['θέλουμε', '8eloume', 'thelw'], ['καλεσμένους', 'kalesmenoi', 'kalesmenwn'],
  ])('bring "%s", "%s" and "%s" to one term', (greek, ...latin) => {
    for (const word of latin) expect(greekTerm(word)).toBe(greekTerm(fold(greek)))
  })

  it('keep different words apart', () => {
    expect(greekTerm(fold('τούρτα'))).not.toBe(greekTerm(fold('τέντα')))
  })
})

describe('small talk', () => {
  it.each(['hi', 'Good morning!', 'thanks a lot', 'ok thanks bye', 'lol', 'γεια σας', 'efxaristo poly'])('knows "%s"', (text) => {
    expect(isSmallTalk(exactKey(text).split(' '))).toBe(true)
  })

  it.each(['hi, is there parking', 'thanks, and the cake?', 'password'])('leaves "%s" alone', (text) => {
    expect(isSmallTalk(exactKey(text).split(' '))).toBe(false)
  })

  it('takes politeness off both ends of a question', () => {
    expect(questionKey('Hello there, could you tell me where we can park? Many thanks')).toBe('where we can park')
  })
})

describe('sentences', () => {
  it('finds the sentences that say something', () => {
    expect(segments('Hello! We love your work. What are your rates?')).toEqual(['We love your work.', 'What are your rates?'])
  })

  it('has nothing to add to a single sentence', () => {
    expect(segments('What are your rates?')).toEqual([])
  })

  it('reads the start of an answer without its Markdown', () => {
    expect(plainSentences('**Yes.** See [the list](https://x.test/a_b).\n\n- `one`')).toEqual(['Yes.', 'See the list.', '- one'])
  })
})

describe('spelling', () => {
  it('counts a swap of neighbours as one edit', () => {
    expect(editDistance('parkign', 'parking', 2)).toBe(1)
    expect(editDistance('cake', 'invoice', 2)).toBe(3)
  })

  it('finds the site\'s closest word and leaves short words alone', () => {
    const speller = new SiteSpeller()
    for (const word of ['parking', 'photographer', 'cake']) speller.add(word)
    expect(speller.closest('parkin')).toBe('parking')
    expect(speller.closest('fotographer')).toBe(null)
    expect(speller.closest('photogrpher')).toBe('photographer')
    expect(speller.closest('cae')).toBe(null)
  })

  it('corrects towards the commonest English word and leaves known ones', () => {
    const ranks = new Map([['weather', 900], ['whether', 800], ['recipe', 5_000]])
    const rank = (word: string) => ranks.get(word)
    expect(correctEnglish('wether', rank)).toBe('whether')
    expect(correctEnglish('recipe', rank)).toBe('recipe')
    expect(correctEnglish('xqzv', rank)).toBe('xqzv')
  })
})
