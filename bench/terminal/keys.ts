import { openTerminalHarness, PROMPT, type TerminalHarness } from '../../test/harness/app/terminal-harness'
import { pause, waitUntil } from '../../test/harness/app/wait-until'
import { type Measurement, quantile } from '../measurement'
import { openRawShell } from './raw-shell'
import { COLUMNS, ROWS } from './throughput'

const BLOCKS = 5
const KEYS = 40
const INTERRUPTS = 20

/** From a keystroke to its effect on the screen: an echo, compared with ssh2 alone, and Ctrl-C during heavy output. */
export async function measureKeys(): Promise<readonly Measurement[]> {
  const harness = await openTerminalHarness()
  const raw = openRawShell(harness, COLUMNS, ROWS)
  try {
    await harness.resizeTo(COLUMNS, ROWS)
    await harness.page.locator('.screen').click()
    return [...(await echoes(harness, raw)), await interrupts(harness)]
  } finally {
    raw.end()
    await harness.close()
  }
}

async function echoes(
  { page, type }: TerminalHarness,
  raw: ReturnType<typeof openRawShell>,
): Promise<readonly Measurement[]> {
  await type('clear; cat > /dev/null\r')
  await raw.run('cat > /dev/null\r', 'null')
  await page.evaluate(WATCH_KEYS)
  const alone: number[] = []
  for (let block = 0; block < BLOCKS; block++) {
    alone.push(...(await raw.echo(KEYS)))
    for (let key = 0; key < KEYS; key++) {
      const wanted = block * KEYS + key + 1
      await page.keyboard.press('x')
      await waitUntil('the echo', async () => (await page.evaluate<number>('keys.shownMs.length')) >= wanted)
      await pause(10 + ((key * 7) % 30))
    }
  }
  await type('\u0003')
  const { cameMs, drawnMs, shownMs } =
    await page.evaluate<Record<'cameMs' | 'drawnMs' | 'shownMs', number[]>>('keys')
  const measurement = (
    name: string,
    times: readonly number[],
    share: number,
    atMost: number | null,
  ): Measurement => ({
    group: 'terminal',
    name: `a key, ${name}, p${share * 100}`,
    unit: 'ms',
    value: quantile(times, share),
    spread: null,
    baseline: quantile(alone, share),
    beside: 'the echo by ssh2 alone',
    goal: atMost === null ? null : { kind: 'value', atMost },
  })
  return [
    measurement('until its echo is in the page', cameMs, 0.5, null),
    measurement('until its echo is in the page', cameMs, 0.95, null),
    measurement('until it is drawn', drawnMs, 0.5, null),
    measurement('until it is drawn', drawnMs, 0.95, 5),
    measurement('until the frame after', shownMs, 0.5, null),
    measurement('until the frame after', shownMs, 0.95, null),
  ]
}

async function interrupts(harness: TerminalHarness): Promise<Measurement> {
  const { page, type, text } = harness
  const times: number[] = []
  for (let round = 0; round < INTERRUPTS; round++) {
    await waitUntil('the prompt', async () => (await text()).endsWith(PROMPT.trimEnd()))
    await type('yes\r')
    await pause(1_000 + round * 37)
    await page.evaluate(WATCH_PROMPT)
    await page.keyboard.press('Control+c')
    times.push(await page.evaluate<number>('interrupted'))
  }
  console.log(`Ctrl-C during yes, ms: ${times.map((ms) => ms.toFixed(0)).join(' ')}`)
  return {
    group: 'terminal',
    name: 'Ctrl-C during yes, until the prompt is drawn, at most',
    unit: 'ms',
    value: Math.max(...times),
    spread: null,
    baseline: null,
    beside: null,
    goal: { kind: 'value', atMost: 100 },
  }
}

/** For each key press: when its echo reached the page, when it was drawn, and when the next frame began. */
const WATCH_KEYS = `(() => {
  const rows = document.querySelector('.screen .xterm-rows')
  const count = () => rows.textContent.split('x').length
  Object.assign(globalThis, { keys: { cameMs: [], drawnMs: [], shownMs: [] } })
  let sinceMs = null
  let wanted = 0
  addEventListener('keydown', (event) => {
    sinceMs = event.timeStamp
    wanted = count() + 1
  }, { capture: true })
  window.app.on('terminalOutput', () => {
    if (keys.cameMs.length === keys.drawnMs.length && sinceMs !== null) keys.cameMs.push(performance.now() - sinceMs)
  })
  new MutationObserver(() => {
    if (sinceMs === null || count() < wanted) return
    const beganMs = sinceMs
    sinceMs = null
    keys.drawnMs.push(performance.now() - beganMs)
    requestAnimationFrame(() => keys.shownMs.push(performance.now() - beganMs))
  }).observe(rows, { childList: true, characterData: true, subtree: true })
})()`

/** From the next keystroke until the last drawn line is the prompt. */
const WATCH_PROMPT = `(() => {
  globalThis.interrupted = new Promise((done) => {
    let sinceMs = null
    addEventListener('keydown', (event) => (sinceMs ??= event.ctrlKey && event.key === 'c' ? event.timeStamp : null), {
      capture: true,
    })
    const rows = document.querySelector('.screen .xterm-rows')
    const look = () => {
      const text = rows.textContent.replaceAll('\\u00a0', ' ').trimEnd()
      if (sinceMs !== null && text.endsWith('${PROMPT.trimEnd()}')) done(performance.now() - sinceMs)
      else requestAnimationFrame(look)
    }
    look()
  })
})()`
