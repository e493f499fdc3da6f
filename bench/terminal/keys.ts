import { openTerminalRig, PROMPT, type TerminalRig } from '../../test/harness/app/terminal-rig'
import { pause, until } from '../../test/harness/app/waiting'
import { type Figure, quantile } from '../figure'
import { openRawShell } from './raw-shell'
import { COLUMNS, ROWS } from './throughput'

const BLOCKS = 5
const KEYS = 40
const FRAME_MS = 16.7
const INTERRUPTS = 10

/** From a stroke to what it does on the screen: an echo beside that of ssh2 alone, and Ctrl-C while output floods. */
export async function keyFigures(): Promise<readonly Figure[]> {
  const rig = await openTerminalRig()
  const raw = openRawShell(rig, COLUMNS, ROWS)
  try {
    await rig.fit(COLUMNS, ROWS)
    await rig.page.locator('.screen').click()
    return [...(await echoes(rig, raw)), await interrupts(rig)]
  } finally {
    raw.end()
    await rig.close()
  }
}

async function echoes(
  { page, type }: TerminalRig,
  raw: ReturnType<typeof openRawShell>,
): Promise<readonly Figure[]> {
  await type('clear; cat > /dev/null\r')
  await raw.run('cat > /dev/null\r', 'null')
  await page.evaluate(WATCH_KEYS)
  const alone: number[] = []
  for (let block = 0; block < BLOCKS; block++) {
    alone.push(...(await raw.echo(KEYS)))
    for (let key = 0; key < KEYS; key++) {
      const wanted = block * KEYS + key + 1
      await page.keyboard.press('x')
      await until('the echo', async () => (await page.evaluate<number>('keys.shownMs.length')) >= wanted)
      await pause(10 + ((key * 7) % 30))
    }
  }
  await type('\u0003')
  const { drawnMs, shownMs } = await page.evaluate<Record<'drawnMs' | 'shownMs', number[]>>('keys')
  const figure = (name: string, times: readonly number[], share: number, atMost: number | null): Figure => ({
    group: 'terminal',
    name: `a key, ${name}, p${share * 100}`,
    unit: 'ms',
    value: quantile(times, share),
    spread: null,
    baseline: quantile(alone, share),
    beside: 'the echo by ssh2 alone',
    goal: atMost === null ? null : { kind: 'difference', atMost },
  })
  return [
    figure('until it is drawn', drawnMs, 0.5, null),
    figure('until it is drawn', drawnMs, 0.95, FRAME_MS),
    figure('until the frame after', shownMs, 0.5, null),
    figure('until the frame after', shownMs, 0.95, null),
  ]
}

async function interrupts(rig: TerminalRig): Promise<Figure> {
  const { page, type, text } = rig
  const times: number[] = []
  for (let round = 0; round < INTERRUPTS; round++) {
    await until('the prompt', async () => (await text()).endsWith(PROMPT.trimEnd()))
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
    goal: { kind: 'value', atMost: 150 },
  }
}

/** Of each key that is pressed: when its echo was in the page, and when the next frame began. */
const WATCH_KEYS = `(() => {
  const rows = document.querySelector('.screen .xterm-rows')
  const count = () => rows.textContent.split('x').length
  Object.assign(globalThis, { keys: { drawnMs: [], shownMs: [] } })
  let sinceMs = null
  let wanted = 0
  addEventListener('keydown', (event) => {
    sinceMs = event.timeStamp
    wanted = count() + 1
  }, { capture: true })
  new MutationObserver(() => {
    if (sinceMs === null || count() < wanted) return
    const beganMs = sinceMs
    sinceMs = null
    keys.drawnMs.push(performance.now() - beganMs)
    requestAnimationFrame(() => keys.shownMs.push(performance.now() - beganMs))
  }).observe(rows, { childList: true, characterData: true, subtree: true })
})()`

/** From the next stroke on, until the last line that is drawn is the prompt. */
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
