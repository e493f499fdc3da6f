import {
  openTerminalHarness,
  PROMPT,
  type TerminalHarness,
} from '../../test/harness/app/start/terminal-harness'
import { pause, waitUntil } from '../../test/harness/app/act/wait-until'
import { type Measurement, quantile } from '../measurement'
import { openRawShell } from './raw-shell'
import { COLUMNS, ROWS } from './throughput'

const BLOCKS = 5
const KEYS = 40
const INTERRUPTS = 20
const INTERRUPT = '\u0003'

/** From a keystroke to its effect on the screen: an echo, compared with ssh2 alone, and Ctrl-C during heavy output. */
export async function measureKeys(): Promise<readonly Measurement[]> {
  const harness = await openTerminalHarness()
  const raw = openRawShell(harness, COLUMNS, ROWS)
  try {
    await harness.resizeTo(COLUMNS, ROWS)
    await harness.page.locator('.screen').click()
    return [...(await echoes(harness, raw)), ...(await interrupts(harness, raw))]
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
  await type(INTERRUPT)
  await raw.run(INTERRUPT, PROMPT)
  const { cameMs, drawnMs, shownMs } =
    await page.evaluate<Record<'cameMs' | 'drawnMs' | 'shownMs', number[]>>('keys')
  const beside = { name: 'the echo by ssh2 alone', times: alone }
  return [
    quantileOf('a key, until its echo is in the page, p50', cameMs, beside, 0.5),
    quantileOf('a key, until its echo is in the page, p95', cameMs, beside, 0.95),
    quantileOf('a key, until it is drawn, p50', drawnMs, beside, 0.5),
    quantileOf('a key, until it is drawn, p95', drawnMs, beside, 0.95, 5),
    quantileOf('a key, until the frame after, p50', shownMs, beside, 0.5),
    quantileOf('a key, until the frame after, p95', shownMs, beside, 0.95),
  ]
}

/** A share of the times, ms, beside the same share of others; `atMost`: the goal. */
const quantileOf = (
  name: string,
  times: readonly number[],
  beside: { readonly name: string; readonly times: readonly number[] },
  share: number,
  atMost?: number,
): Measurement => ({
  group: 'terminal',
  name,
  unit: 'ms',
  value: quantile(times, share),
  spread: null,
  baseline: quantile(beside.times, share),
  beside: beside.name,
  goal: atMost === undefined ? null : { kind: 'value', atMost },
})

async function interrupts(
  { page, type, text }: TerminalHarness,
  raw: ReturnType<typeof openRawShell>,
): Promise<readonly Measurement[]> {
  const alone: number[] = []
  const came: number[] = []
  const drawn: number[] = []
  for (let round = 0; round < INTERRUPTS; round++) {
    await waitUntil('the prompt', async () => (await text()).endsWith(PROMPT.trimEnd()))
    await raw.run('yes\r', 'y\r\n')
    await pause(300 + round * 7)
    alone.push(await raw.run(INTERRUPT, PROMPT))
    await type('yes\r')
    await pause(1_000 + round * 37)
    await page.evaluate(WATCH_PROMPT)
    await page.keyboard.press('Control+c')
    const { cameMs, drawnMs } = await page.evaluate<Record<'cameMs' | 'drawnMs', number>>('interrupted')
    came.push(cameMs)
    drawn.push(drawnMs)
  }
  const ofAll = (times: readonly number[]): string => times.map((ms) => ms.toFixed(0)).join(' ')
  console.log(`Ctrl-C during yes, ms: prompt in the page ${ofAll(came)}; drawn ${ofAll(drawn)}`)
  const beside = { name: 'until ssh2 alone has it', times: alone }
  return [
    quantileOf('Ctrl-C during yes, until the prompt is in the page, p50', came, beside, 0.5),
    quantileOf('Ctrl-C during yes, until the prompt is drawn, p50', drawn, beside, 0.5),
    quantileOf('Ctrl-C during yes, until the prompt is drawn, at most', drawn, beside, 1, 100),
  ]
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

/** From the next Ctrl-C until the prompt is in the page, and until it is the last drawn line. */
const WATCH_PROMPT = `(() => {
  globalThis.interrupted = new Promise((done) => {
    let sinceMs = null
    let cameMs = null
    let end = ''
    const decoder = new TextDecoder()
    const stop = window.app.on('terminalOutput', ({ bytes }) => {
      end = (end + decoder.decode(bytes.slice(-100))).slice(-100)
      cameMs = sinceMs !== null && end.endsWith('${PROMPT}') ? performance.now() - sinceMs : null
    })
    addEventListener('keydown', (event) => (sinceMs ??= event.ctrlKey && event.key === 'c' ? event.timeStamp : null), {
      capture: true,
    })
    const rows = document.querySelector('.screen .xterm-rows')
    const look = () => {
      const text = rows.textContent.replaceAll('\\u00a0', ' ').trimEnd()
      if (sinceMs !== null && text.endsWith('${PROMPT.trimEnd()}')) {
        stop()
        done({ cameMs, drawnMs: performance.now() - sinceMs })
      } else requestAnimationFrame(look)
    }
    look()
  })
})()`
