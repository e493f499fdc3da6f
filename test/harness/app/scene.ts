import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import type { Page } from 'playwright-core'
import type { Settings } from '../../../src/core/settings/settings'
import type { PodSpec } from '../../../src/simulator/world/pod-spec'
import type { SshAccess } from '../../../src/simulator/ssh/ssh-endpoints'
import { createSimulator, FULL_KEY, type Simulator } from '../../../src/simulator/simulator'
import { launch, launchAsOrdinaryUser, type LaunchOptions, type RunningApp } from './launch'
import { until } from './waiting'

/** So that a test sees in seconds what takes minutes: every number is a setting. */
const quickSettings: Partial<Settings> = {
  pollActiveS: 1,
  pollIdleS: 1,
  pollTransitionS: 1,
  pollBalanceS: 10,
  bootMin: 0,
}

export interface SceneOptions {
  readonly pods?: readonly PodSpec[]
  readonly settings?: Partial<Settings>
  /** The key that the simulated Runpod accepts; it may do all. Default: `FULL_KEY`. */
  readonly apiKey?: string
  /** Simulated seconds per real second. */
  readonly timeFactor?: number
  /** Who may come into the pods by SSH. Default: they have none. */
  readonly ssh?: SshAccess
  readonly launch?: LaunchOptions
  readonly asOrdinaryUser?: boolean
  /** Puts something between the app and the simulated Runpod: given its address, answers with another. */
  readonly wire?: (url: string) => Promise<string>
}

/** The real app beside a simulated Runpod, which it knows by `RUNPOD_API_BASE_URL` only. */
export interface Scene {
  readonly runpod: Simulator
  running: RunningApp
  page: Page
  /** Puts a key on the clipboard and pastes it into the window; leaves the steps that follow the first time. */
  pasteKey(key?: string): Promise<void>
  /** Ends the app as a power cut would, and starts it again on the same data. */
  crashAndRestart(): Promise<void>
  close(): Promise<void>
}

export async function openScene(options: SceneOptions = {}): Promise<Scene> {
  const { pods = [], settings = {}, timeFactor = 1, apiKey = FULL_KEY } = options
  const runpod = await createSimulator({
    seed: 7,
    pods,
    timeFactor,
    balanceUsd: 164.2,
    ...(options.ssh === undefined ? {} : { ssh: options.ssh }),
    ...(apiKey === FULL_KEY ? {} : { keys: { [apiKey]: 'full' as const } }),
  })
  const url = (await options.wire?.(runpod.url)) ?? runpod.url
  const dataDir = await mkdtemp(join(process.env['PODKEEPER_SESSION'] ?? tmpdir(), 'data-'))
  await writeFile(
    join(dataDir, 'config.json'),
    JSON.stringify({ settings: { ...quickSettings, ...settings } }),
  )
  const start = options.asOrdinaryUser ? launchAsOrdinaryUser : launch
  const running = await start({
    dataDir,
    ...options.launch,
    env: { RUNPOD_API_BASE_URL: `${url}/v2`, ...options.launch?.env },
  })
  let isClosed = false
  const scene: Scene = {
    runpod,
    running,
    page: await running.popover(),
    async pasteKey(key = apiKey) {
      await scene.running.app.evaluate(({ clipboard }, text) => clipboard.writeText(text), key)
      await scene.page.getByRole('button', { name: 'Paste key' }).click()
      await skipFirstRun(scene.page)
    },
    async crashAndRestart() {
      await scene.running.kill9()
      scene.running = await scene.running.relaunch()
      scene.page = await scene.running.popover()
    },
    async close() {
      if (isClosed) return
      isClosed = true
      await scene.running.close()
      await runpod.close()
    },
  }
  return scene
}

/**
 * Once the key was answered, leaves the steps of the first run as somebody in a hurry does: nothing is stopped
 * automatically then. Returns at once where the key is refused, or its owner was asked before.
 */
async function skipFirstRun(page: Page): Promise<void> {
  const skip = page.getByRole('button', { name: 'Skip, stop nothing' })
  const paste = page.getByRole('button', { name: 'Paste key' })
  const refusal = page.locator('.verdict:is(.refused, .not-a-key, .undecided)')
  await until('an answer to the key', async () => {
    // Looked at first: by then the step that follows is there, if one does.
    const isAnswered = (await refusal.count()) > 0 || (await paste.count()) === 0
    if ((await skip.count()) > 0) await skip.click()
    return isAnswered
  })
}

/** The card of a pod, by its heading. */
export const card = (page: Page, name: string) =>
  page.getByRole('article').filter({ has: page.getByRole('heading', { name, exact: true }) })

/** Writes what is seen into the ignored folder `screenshots/`. */
export async function screenshot(page: Page, name: string): Promise<void> {
  const folder = resolve(import.meta.dirname, '../../../screenshots')
  await mkdir(dirname(join(folder, name)), { recursive: true })
  // A window that was just made has no size until it is shown.
  await until('the window to have a size', () => page.evaluate<boolean>('innerWidth > 0 && innerHeight > 0'))
  await page.screenshot({ path: join(folder, `${name}.png`) })
}

/** Every action that reached the simulator, in order, as "stop pod-id". */
export function actionsSent({ runpod }: Scene): string[] {
  return runpod.requests.flatMap(({ action, podId }) => (action === undefined ? [] : [`${action} ${podId}`]))
}
