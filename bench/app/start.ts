import { setTimeout as delay } from 'node:timers/promises'
import { startKeyring } from '../../test/harness/app/desktop/keyring'
import { openScene } from '../../test/harness/app/start/scene'
import { followTrayItems, TrayItem } from '../../test/harness/app/desktop/tray'
import { waitUntil } from '../../test/harness/app/act/wait-until'
import { demoPods } from '../../src/simulator/demo'
import { type Goal, interleaved, type Measurement, median, spreadOf } from '../measurement'
import { BARE_APP, newFolder, OUR_APP, startPlain } from './apps'

const ROUNDS = 20
export const LOOK_AFTER_MS = 1_500
/** About what an API far away takes for the first list, with its connection. */
const SLOW_API_MS = 500
const FIRST_PAINT_OF_BARE = "the bare app's first paint"

/**
 * Startup time with existing data, from process start to the tray icon and to five drawn pods, including reading the
 * key from the keyring and the list from a local server. While an API is slow, these are the pods of the last run.
 * Compared with the icon and first paint of the bare app.
 */
export async function measureStart(): Promise<readonly Measurement[]> {
  const endKeyring = await startKeyring()
  const scene = await openScene({ pods: demoPods })
  try {
    await scene.pasteKey()
    await scene.page.getByRole('article').first().waitFor()
    await scene.running.close()
    const { dataDir } = scene.running
    const env = { RUNPOD_API_BASE_URL: `${scene.runpod.url}/v2` }
    const bareDir = await newFolder()
    const startOurs = () => msTo({ appDir: OUR_APP, dataDir, env }, [PODS_DRAWN, PODS_LISTED])
    const slowlyListed: number[] = []
    const { ours, slow, bare } = await interleaved(ROUNDS + 1, {
      ours: async () => (await startOurs())[0] ?? NaN,
      async slow() {
        scene.runpod.fault({ kind: 'slow', delayMs: SLOW_API_MS, method: 'GET', path: '/v2/pods' })
        const [drawnMs = NaN, listedMs = NaN] = await startOurs()
        scene.runpod.clearFaults()
        slowlyListed.push(listedMs)
        return drawnMs
      },
      bare: async () =>
        (await msTo({ appDir: BARE_APP, dataDir: bareDir, env: {} }, [FIRST_PAINT]))[0] ?? NaN,
    })
    const tray = await interleaved(ROUNDS + 1, {
      ours: () => msToTray({ appDir: OUR_APP, dataDir, env }),
      bare: () => msToTray({ appDir: BARE_APP, dataDir: bareDir, env: {} }),
    })
    return [
      measurement('start to the pods drawn', { ours, bare }, FIRST_PAINT_OF_BARE, {
        kind: 'ratio',
        atMost: 1.25,
      }),
      measurement(
        `the same, with an API that takes ${SLOW_API_MS} ms`,
        { ours: slow, bare },
        FIRST_PAINT_OF_BARE,
        null,
      ),
      measurement(
        'the same, until its first list is drawn',
        { ours: slowlyListed, bare },
        FIRST_PAINT_OF_BARE,
        null,
      ),
      measurement('start to the icon in the tray', tray, "the bare app's icon", {
        kind: 'ratio',
        atMost: 1.4,
      }),
    ]
  } finally {
    await scene.close()
    await endKeyring()
  }
}

interface MeasuredApp {
  readonly appDir: string
  readonly dataDir: string
  readonly env: Readonly<Record<string, string>>
}

/** Unix ms of a mark by the page's own clock; null while it hasn't happened. */
const momentOf = (mark: string): string => `(() => {
  const [mark] = performance.getEntriesByName('podkeeper:${mark}')
  return mark ? performance.timeOrigin + mark.startTime : null
})()`
export const PODS_DRAWN = momentOf('pods-drawn')
const PODS_LISTED = momentOf('pods-listed')
const FIRST_PAINT = `(() => {
  const [paint] = performance.getEntriesByName('first-contentful-paint')
  return paint ? performance.timeOrigin + paint.startTime : null
})()`

async function msTo(
  { appDir, dataDir, env }: MeasuredApp,
  moments: readonly string[],
): Promise<readonly number[]> {
  const app = await startPlain(appDir, { dataDir, env, isOpen: true })
  try {
    // Read afterwards only, because observing the page slows it down.
    await delay(LOOK_AFTER_MS)
    const elapsedMs: number[] = []
    for (const moment of moments) {
      const atMs = await waitUntil('the page to be drawn', () => app.evaluate('index.html', moment))
      elapsedMs.push((atMs as number) - app.startedAtMs)
    }
    return elapsedMs
  } finally {
    await app.close()
  }
}

/** Until the panel knows of the icon. Its list is asked only afterwards, which would take until the next question. */
async function msToTray({ appDir, dataDir, env }: MeasuredApp): Promise<number> {
  const registered = await followTrayItems()
  const app = await startPlain(appDir, { dataDir, env, args: ['--hidden'] })
  try {
    const item = await TrayItem.of(app)
    item.disconnect()
    return (registered.firstAtMs() ?? NaN) - app.startedAtMs
  } finally {
    registered.end()
    await app.close()
  }
}

/** The first round has cold caches and doesn't count. */
function measurement(
  name: string,
  { ours, bare }: Record<'ours' | 'bare', readonly number[]>,
  beside: string,
  goal: Goal | null,
): Measurement {
  const [own, floor] = [ours.slice(1), bare.slice(1)]
  return {
    group: 'app',
    name,
    unit: 'ms',
    value: median(own),
    spread: spreadOf(own),
    baseline: median(floor),
    beside,
    goal,
  }
}
