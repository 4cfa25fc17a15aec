import { describe, expect, it } from 'vitest'
import { createRestartPolicy } from '#server/entry/restart-policy'

const served = { served: true, othersServing: 1 }

describe('a worker that has died', () => {
  it('comes back at once after a long life', () => {
    const policy = createRestartPolicy()
    expect(policy.afterDeath({ worker: 1, livedMs: 3_600_000, ...served })).toBe(0)
    expect(policy.afterDeath({ worker: 1, livedMs: 30_000, ...served })).toBe(0)
  })

  it('waits longer each time it dies young, half a minute at most, and each worker for itself', () => {
    const policy = createRestartPolicy()
    const pauses = Array.from({ length: 10 }, () => policy.afterDeath({ worker: 1, livedMs: 1_000, ...served }))
    expect(pauses).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000])
    expect(policy.afterDeath({ worker: 2, livedMs: 1_000, ...served })).toBe(250)
    expect(policy.afterDeath({ worker: 1, livedMs: 60_000, ...served })).toBe(0)
    expect(policy.afterDeath({ worker: 1, livedMs: 1_000, ...served })).toBe(250)
  })

  it('is given up when five starts in a row fail and no other serves', () => {
    const policy = createRestartPolicy()
    const failed = { livedMs: 300, served: false, othersServing: 0 }
    const pauses = [1, 2, 1, 2, 1].map(worker => policy.afterDeath({ worker, ...failed }))
    expect(pauses).toEqual([250, 250, 500, 500, null])
  })

  it('is never given up while another serves, nor after one has served in between', () => {
    const policy = createRestartPolicy()
    const failed = { worker: 1, livedMs: 300, served: false }
    for (let times = 0; times < 20; times++) expect(policy.afterDeath({ ...failed, othersServing: 1 })).not.toBeNull()
    policy.serving()
    for (let times = 0; times < 4; times++) expect(policy.afterDeath({ ...failed, othersServing: 0 })).not.toBeNull()
    expect(policy.afterDeath({ ...failed, othersServing: 0 })).toBeNull()
  })
})
