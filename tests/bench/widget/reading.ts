import { setTimeout as pause } from 'node:timers/promises'
import type { Browser, BrowserContext } from '@playwright/test'
import { fakeChatApi } from '../../support/chat-page'
import { record, tasksOf } from './trace'

/** How it goes to read upward in a very long conversation. */
export interface Reading {
  messages: number
  /** How many came in, and in how many pages. */
  read: number
  pages: number
  tasks: number
  longestCpuMs: number
  longestMs: number
  /** Tasks of more than 50 ms by the clock. */
  over: number
  frames: number
  /** From one frame to the next: the median and the 99th percentile. */
  frameMs: number
  frameP99Ms: number
}

const MESSAGES = 5000
const STEPS = 240

/** Turns the wheel upward in a conversation of 5,000 messages, which the test's own server keeps. */
export async function readUpward(browser: Browser, { origin, prepare }: { origin: string, prepare: (context: BrowserContext) => Promise<void> }): Promise<Reading> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  try {
    await prepare(context)
    const server = await fakeChatApi(context)
    const conversation = server.begin()
    for (let n = 1; n <= MESSAGES; n++) server.add(conversation, n % 2 ? { sender: 'customer', text: `Question ${n}?` } : { text: `Reply ${n}: for **80 guests** about *14,000 euros*.\n\n- the venue\n- the dinner` })
    // esbuild (in tsx) wraps named functions in a helper that a page does not have.
    await context.addInitScript('globalThis.__name = (it) => it')
    const page = await context.newPage()
    await page.goto(origin, { waitUntil: 'networkidle' })
    await page.locator('.vb-launcher').click()
    await page.locator(`[data-seq="${MESSAGES}"] strong`).waitFor()
    const box = (await page.locator('.vb-log').boundingBox())!
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
    await page.evaluate(() => {
      const gaps: number[] = []
      Object.assign(window, { gaps })
      let last = performance.now()
      const tick = (now: number) => {
        gaps.push(now - last)
        last = now
        requestAnimationFrame(tick)
      }
      requestAnimationFrame(tick)
    })
    const before = server.calls.length
    const events = await record(browser, page, async () => {
      for (let step = 0; step < STEPS; step++) {
        await page.mouse.wheel(0, -300)
        await pause(16)
      }
      await pause(500)
    })
    const gaps = (await page.evaluate(() => (window as unknown as { gaps: number[] }).gaps)).slice(5).sort((a, b) => a - b)
    const pages = server.calls.slice(before).filter(call => call.query.has('before')).length
    const first = Number(await page.locator('[data-row]').first().getAttribute('data-seq'))
    const tasks = tasksOf(events).tasks
    return {
      messages: MESSAGES,
      read: MESSAGES - first,
      pages,
      tasks: tasks.length,
      longestCpuMs: Math.max(...tasks.map(({ cpuMs }) => cpuMs)),
      longestMs: Math.max(...tasks.map(({ ms }) => ms)),
      over: tasks.filter(({ ms }) => ms > 50).length,
      frames: gaps.length,
      frameMs: gaps[Math.floor(gaps.length / 2)]!,
      frameP99Ms: gaps[Math.floor(gaps.length * 0.99)]!,
    }
  }
  finally {
    await context.close()
  }
}
