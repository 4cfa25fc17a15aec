import { describe, expect, it } from 'vitest'
import { cleanAnswer, cleanCitations } from '#server/services/answering/rag/clean-answer'

describe('what a customer may read of an answer', () => {
  it.each([
    ['<think>secret</think>Yes.', 'Yes.'],
    ['Well. <think>secret</think> Yes.', 'Well.  Yes.'],
    ['<think>a</think>One.<think>b</think> Two.', 'One. Two.'],
    ['secret without a beginning</think>Yes.', 'Yes.'],
    ['Yes.<think>secret without an end', 'Yes.'],
    ['<THINK type="x">secret</Think >Yes.', 'Yes.'],
    ['<thinking>a<thinking>b</thinking>c</thinking>Yes.', 'Yes.'],
    ['<details open style="color:gray"> <summary> Thinking... </summary>secret</details>Yes.', 'Yes.'],
    ['<think>secret</think>', ''],
    ['a\u0000b\u0007c\r\nd\uD800', 'abc\nd'],
    ['Καλημέρα 👋', 'Καλημέρα 👋'],
    ['I think <thin> is fine.', 'I think <thin> is fine.'],
  ])('of %j is %j', (given, shown) => expect(cleanAnswer(given)).toBe(shown))

  it('ends after 8,000 characters', () => {
    expect([...cleanAnswer('👋'.repeat(9_000))].length).toBe(8_001)
  })

  it('names each source once and links only what a browser may open', () => {
    expect(cleanCitations([{ title: ' Menu\n2026 ', url: 'https://x.example/menu' }, { url: 'https://x.example/menu', title: 'Again' }, { url: 'javascript:alert(1)', title: 'Bad' }, { url: 'file:///etc/passwd' }, { title: 7, url: null }, {}]))
      .toEqual([{ title: 'Again', url: 'https://x.example/menu' }, { title: 'Bad', url: null }])
  })
})
