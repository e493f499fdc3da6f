import { setTimeout as delay } from 'node:timers/promises'
import { startKeyring } from '../../test/harness/app/keyring'
import { openScene } from '../../test/harness/app/scene'
import { TrayItem } from '../../test/harness/app/tray'
import { waitUntil } from '../../test/harness/app/wait-until'
import { demoPods } from '../../src/simulator/demo'
import { type Goal, interleaved, type Measurement, median, spreadOf } from '../measurement'
import { BARE_APP, newFolder, OUR_APP, startPlain } from './apps'

const ROUNDS = 20
export const LOOK_AFTER_MS = 1_500

/**
 * Startup time with existing data, from process start to the tray icon and to five drawn pods, including reading the
 * key from the keyring and the list from a local server. Compared with the icon and first paint of the bare app.
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
    const painted = await interleaved(ROUNDS + 1, {
      ours: () => msToDrawn({ appDir: OUR_APP, dataDir, env }, PODS_DRAWN),
      bare: () => msToDrawn({ appDir: BARE_APP, dataDir: bareDir, env: {} }, FIRST_PAINT),
    })
    const tray = await interleaved(ROUNDS + 1, {
      ours: () => msToTray({ appDir: OUR_APP, dataDir, env }),
      bare: () => msToTray({ appDir: BARE_APP, dataDir: bareDir, env: {} }),
    })
    return [
      measurement('start to the pods drawn', painted, "the bare app's first paint", {
        kind: 'ratio',
        atMost: 1.3,
      }),
      measurement('start to the icon in the tray', tray, "the bare app's icon", null),
    ]
  } finally {
    await scene.close()
    await endKeyring()
  }
}

interface Subject {
  readonly appDir: string
  readonly dataDir: string
  readonly env: Readonly<Record<string, string>>
}

/** Unix ms of the event by the page's own clock; null while it hasn't happened. */
export const PODS_DRAWN = `(() => {
  const [mark] = performance.getEntriesByName('podkeeper:pods-drawn')
  return mark ? performance.timeOrigin + mark.startTime : null
})()`
const FIRST_PAINT = `(() => {
  const [paint] = performance.getEntriesByName('first-contentful-paint')
  return paint ? performance.timeOrigin + paint.startTime : null
})()`

async function msToDrawn({ appDir, dataDir, env }: Subject, moment: string): Promise<number> {
  const app = await startPlain(appDir, { dataDir, env, isOpen: true })
  try {
    // Read afterwards only, because observing the page slows it down.
    await delay(LOOK_AFTER_MS)
    const atMs = await waitUntil('the page to be drawn', async () => await app.evaluate('index.html', moment))
    return (atMs as number) - app.startedAtMs
  } finally {
    await app.close()
  }
}

async function msToTray({ appDir, dataDir, env }: Subject): Promise<number> {
  const app = await startPlain(appDir, { dataDir, env, args: ['--hidden'] })
  try {
    const item = await TrayItem.of(app)
    const elapsedMs = Date.now() - app.startedAtMs
    item.disconnect()
    return elapsedMs
  } finally {
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
