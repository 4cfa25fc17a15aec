import { BrokenCircuitError, circuitBreaker, CircuitState, ConsecutiveBreaker, handleWhenResult, type CircuitBreakerPolicy, type IBackoff } from 'cockatiel'
import { log } from '#server/core/log'
import type { BreakerState } from '#shared/contracts/admin'
import { CallStatistics } from './call-statistics'
import type { RagOutcome, RagSettings } from './rag-client'

/** So many costly failures in a row open the breaker. */
const FAILURES_TO_OPEN = 5
/** The first pause before a question is let through again; it grows to the last. */
const FIRST_PAUSE_MS = 5_000
const LAST_PAUSE_MS = 60_000
/** How long the customer whose question tries a broken RAG API waits; the try itself goes on to its own deadline. */
const PROBE_PATIENCE_MS = 2_000

/** What this process knows of the RAG API of one set of settings; other settings start afresh. */
export interface Circuit {
  key: string
  policy: CircuitBreakerPolicy
  statistics: CallStatistics
  inFlight: number
  openedAt: number | null
  pauseMs: number
}

let current: Circuit | undefined

/** The circuit of these settings. Settings in another form are another RAG API as far as its health goes. */
export function circuitOf(settings: RagSettings): Circuit {
  const key = JSON.stringify([settings.format, settings.url, settings.key, settings.model, settings.timeoutMs])
  if (current?.key !== key) current = closedCircuit(key)
  return current
}

function closedCircuit(key: string): Circuit {
  const policy = circuitBreaker(handleWhenResult(outcome => isCostly(outcome as RagOutcome)), {
    breaker: new ConsecutiveBreaker(FAILURES_TO_OPEN),
    halfOpenAfter: { next: () => pauseFor(FIRST_PAUSE_MS) },
  })
  const circuit: Circuit = { key, policy, statistics: new CallStatistics(), inFlight: 0, openedAt: null, pauseMs: 0 }

  /**
   * Doubling with a fifth of jitter; the breaker keeps its pause to itself, and the admin wants to see it. The breaker
   * measures by the time of day, and a clock set back by hours would keep it open for hours: so the pause itself says
   * whether it is over.
   */
  function pauseFor(ms: number): IBackoff<unknown> {
    circuit.pauseMs = Math.round(ms * (0.9 + Math.random() * 0.2))
    const until = performance.now() + circuit.pauseMs
    return {
      get duration() {
        return performance.now() < until ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
      },
      next: () => pauseFor(Math.min(LAST_PAUSE_MS, ms * 2)),
    }
  }
  policy.onBreak(() => {
    circuit.openedAt = Date.now()
    log.warn({ pause_ms: circuit.pauseMs }, 'The RAG API has failed repeatedly: questions get the fallback until it is tried again')
  })
  policy.onReset(() => {
    circuit.openedAt = null
    log.info('The RAG API answers again')
  })
  return circuit
}

const isCostly = (outcome: RagOutcome) => outcome.kind === 'failed' && outcome.costly

/**
 * Asks, unless the breaker is open or too much is under way; then the outcome is `skipped`, at once. While the breaker
 * is half open one question tries the RAG API for all, and nobody waits for it longer than a moment.
 */
export async function throughCircuit(circuit: Circuit, maxInFlight: number, ask: () => Promise<RagOutcome>): Promise<RagOutcome> {
  const { policy } = circuit
  // cockatiel would let the others wait for the one that tries.
  if (policy.state === CircuitState.HalfOpen) return { kind: 'skipped', reason: 'the RAG API is being tried again' }
  if (circuit.inFlight >= maxInFlight) return { kind: 'skipped', reason: `${circuit.inFlight} questions are being asked already` }
  const asked = policy.execute(async () => {
    circuit.inFlight++
    try {
      return await ask()
    }
    finally {
      circuit.inFlight--
    }
  }).catch((error): RagOutcome => {
    if (error instanceof BrokenCircuitError) return { kind: 'skipped', reason: 'the circuit breaker is open' }
    throw error
  })
  // `execute` has come to its first await: if the breaker is half open now, this is the question that tries.
  return (policy.state as CircuitState) === CircuitState.HalfOpen ? impatient(asked) : asked
}

async function impatient(asked: Promise<RagOutcome>): Promise<RagOutcome> {
  let timer: NodeJS.Timeout | undefined
  const patience = new Promise<RagOutcome>((resolve) => {
    timer = setTimeout(resolve, PROBE_PATIENCE_MS, { kind: 'skipped', reason: 'the RAG API is being tried again and takes its time' } satisfies RagOutcome)
  })
  asked.catch(() => {})
  return Promise.race([asked, patience]).finally(() => clearTimeout(timer))
}

export function breakerOf(circuit: Circuit): { state: BreakerState, openedAt: number | null, tryAgainAt: number | null } {
  const state = circuit.policy.state === CircuitState.Open ? 'open' : circuit.policy.state === CircuitState.HalfOpen ? 'half_open' : 'closed'
  return { state, openedAt: circuit.openedAt, tryAgainAt: state === 'open' && circuit.openedAt ? circuit.openedAt + circuit.pauseMs : null }
}

/** Forgets everything; for tests. */
export function forgetCircuit(): void {
  current = undefined
}
