import { setTimeout as delay } from 'node:timers/promises'
import { startKeyring } from '../../test/harness/app/keyring'
import { openScene } from '../../test/harness/app/scene'
import { TrayItem } from '../../test/harness/app/tray'
import { until } from '../../test/harness/app/waiting'
import { demoCast } from '../../src/simulator/demo'
import { type Figure, type Goal, interleaved, medianOf, spreadOf } from '../figure'
import { BARE_APP, newFolder, OUR_APP, startPlain } from './apps'

const ROUNDS = 20
const LOOK_AFTER_MS = 1_500

/**
 * From the start of the process, on data that exist: to the icon in the tray, and to the five pods of an account drawn,
 * its key read from the keyring and its list from a server on this computer; beside the bare app's icon and first paint.
 */
export async function startFigures(): Promise<readonly Figure[]> {
  const endKeyring = await startKeyring()
  const scene = await openScene({ pods: demoCast })
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
      figure('start to the pods drawn', painted, "the bare app's first paint", {
        kind: 'ratio',
        atMost: 1.3,
      }),
      figure('start to the icon in the tray', tray, "the bare app's icon", null),
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

/** Unix ms of the moment, by the page's own clock; null while it has not come. */
const PODS_DRAWN = `(() => {
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
    // Looked at afterwards only: what looks in slows down.
    await delay(LOOK_AFTER_MS)
    const atMs = await until('the page to be drawn', async () => await app.evaluate('index.html', moment))
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

/** The first round, on cold caches, is not counted. */
function figure(
  name: string,
  { ours, bare }: Record<'ours' | 'bare', readonly number[]>,
  beside: string,
  goal: Goal | null,
): Figure {
  const [own, floor] = [ours.slice(1), bare.slice(1)]
  return {
    group: 'app',
    name,
    unit: 'ms',
    value: medianOf(own),
    spread: spreadOf(own),
    baseline: medianOf(floor),
    beside,
    goal,
  }
}
