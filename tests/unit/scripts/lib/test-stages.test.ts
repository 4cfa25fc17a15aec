import { describe, expect, it } from 'vitest'
import { chooseStages, stages } from '../../../../scripts/lib/test-stages.mjs'

describe('choosing stages', () => {
  it('runs them all without a word', () => {
    expect([...chooseStages([])]).toEqual(stages.map(({ name }) => name))
  })

  it.each([[['--only', 'lint,unit']], [['--only=lint,unit']], [['--only', 'lint', '--only', 'unit']]])('understands %j', (args) => {
    expect([...chooseStages(args)]).toEqual(['lint', 'unit'])
  })

  it('builds first where the built server is needed', () => {
    expect(chooseStages(['--only', 'e2e']).has('build')).toBe(true)
  })

  it.each([[['--only', 'everything'], 'everything'], [['--only'], 'choose from'], [['--watch'], '--watch'], [['unit'], 'unit']])('refuses %j with a sentence', (args, part) => {
    expect(() => chooseStages(args)).toThrow(part)
  })
})
