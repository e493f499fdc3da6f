import { openLogReader } from '../../src/core/logs/log-reader'
import { createSystemClock } from '../../src/node/clock'
import { providers } from '../../src/providers'
import { FULL_KEY } from '../../src/simulator/simulator'
import { openScene, podKeyIn } from '../../test/harness/app/start/scene'
import { waitUntil } from '../../test/harness/app/act/wait-until'
import { watchPauses } from '../../test/harness/app/act/watch-pauses'
import type { Measurement } from '../measurement'
import { longestFrameMs, shownLines } from './frames'

const PER_SECOND = 10_000
const SECONDS = 10

/**
 * A pod that prints 10,000 lines a second, followed in the window, beside reading the same stream and doing nothing.
 */
export async function measureLogStream(): Promise<readonly Measurement[]> {
  const scene = await openScene({
    pods: [{ id: 'p', name: 'p', mode: 'idle', startedAgoMin: 30, logLinesPerS: PER_SECOND }],
  })
  try {
    await scene.pasteKey()
    const podKey = await podKeyIn(scene.page, 'p')
    const baseline = await readAlone(scene.runpod.url)
    await scene.page.evaluate(`window.app.openWindowAt('logs', ${JSON.stringify(podKey)})`)
    const page = await scene.running.mainWindow()
    await waitUntil('the first lines', async () => (await shownLines(page)) > 6_000)
    const endPauses = await watchPauses(scene.running.app)
    const before = await shownLines(page)
    const startMs = performance.now()
    const frameMs = await longestFrameMs(page, SECONDS * 1_000)
    const lines = (await shownLines(page)) - before
    const seconds = (performance.now() - startMs) / 1_000
    const { mostWorkMs } = await endPauses()
    const texts = await page.locator('.log-line').allTextContents()
    const numbers = texts.flatMap((text) => /line (\d+) /.exec(text)?.[1] ?? []).map(Number)
    const gaps = numbers.filter((number, i) => i > 0 && number !== (numbers[i - 1] ?? 0) + 1).length
    const figure = (
      name: string,
      unit: string,
      value: number,
      more: Partial<Measurement> = {},
    ): Measurement => ({
      group: 'logs',
      name,
      unit,
      value,
      spread: null,
      baseline: null,
      beside: null,
      goal: null,
      ...more,
    })
    return [
      figure('lines followed in the window', '1/s', lines / seconds, {
        baseline,
        beside: 'read and counted by a program alone',
      }),
      figure('longest frame meanwhile', 'ms', frameMs, { goal: { kind: 'value', atMost: 100 } }),
      figure('longest work of main at a time', 'ms', mostWorkMs, { goal: { kind: 'value', atMost: 50 } }),
      figure('gaps in the lines that are shown', '', gaps, { goal: { kind: 'value', atMost: 0 } }),
    ]
  } finally {
    await scene.close()
  }
}

async function readAlone(url: string): Promise<number> {
  const clock = createSystemClock()
  let lines = 0
  const reader = openLogReader({
    provider: providers.runpod.create({
      baseUrl: `${url}/v2`,
      hosts: 'loopback-only',
      apiKey: FULL_KEY,
      version: 'bench',
      now: () => clock.now(),
      random: Math.random,
    }),
    podId: 'p',
    clock,
    random: Math.random,
    source: null,
    tail: 0,
    sinceMs: null,
    onLines: (received) => void (lines += received.length),
    onState: () => {},
  })
  await waitUntil('the first lines', () => lines > 0)
  const before = lines
  const startMs = performance.now()
  await new Promise((resolve) => setTimeout(resolve, 5_000))
  reader.close()
  return (lines - before) / ((performance.now() - startMs) / 1_000)
}
