import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import type { Page } from 'playwright-core'
import { type AccountId, type PodKey, podKeyOf } from '../../../../src/core/pods/pod'
import type { Result } from '../../../../src/core/base/result'
import type { Settings } from '../../../../src/core/settings/settings'
import type { TerminalsView } from '../../../../src/core/terminal/terminal'
import type { SimulatedPodSpec } from '../../../../src/simulator/world/pod-spec'
import type { SshAccess } from '../../../../src/simulator/ssh/ssh-endpoints'
import {
  createSimulator,
  FULL_KEY,
  type Simulator,
  type SimulatorOptions,
} from '../../../../src/simulator/simulator'
import { writeFormatFile } from '../../data-folder/migrated-folder'
import { capture } from '../look/capture'
import { launch, launchAsOrdinaryUser, type LaunchOptions, type RunningApp } from './launch'
import { agreeToAccounts } from '../act/questions'
import { waitUntil } from '../act/wait-until'

/** Settings that reduce minutes to seconds. */
const quickSettings: Partial<Settings> = {
  pollActiveS: 1,
  pollIdleS: 1,
  pollTransitionS: 1,
  pollBalanceS: 10,
  bootMin: 0,
  readsDisks: false,
}

/** The app spreads its polls over the day's remaining quota, which would otherwise space them more than 1 s apart. */
export const roomyQuotas = { minute: 600, hour: 36_000, day: 864_000 }

/** So that a stop loses only the container disk, and is not asked about first. */
export const VOLUME = { persistent: { sizeGb: 1, path: '/workspace' } }

/** Hours of real time for which an account can pay for its pods, however slow the machine is that runs the test. */
const CREDIT_H = 4

/**
 * The balance of an account at the start, USD. An account that runs out of money loses its pods, as at Runpod, which
 * only tests of that are to see.
 */
export const creditUsd = (pods: readonly SimulatedPodSpec[], timeFactor = 1): number =>
  Math.max(
    164.2,
    CREDIT_H * timeFactor * pods.reduce((sum, { costPerHourUsd = 1 }) => sum + costPerHourUsd, 0),
  )

export interface SceneOptions {
  readonly pods?: readonly SimulatedPodSpec[]
  readonly networkVolumes?: SimulatorOptions['networkVolumes']
  readonly templates?: SimulatorOptions['templates']
  readonly settings?: Partial<Settings>
  /** The key that the simulated Runpod accepts, with full permissions. Default: `FULL_KEY`. */
  readonly apiKey?: string
  /** Keys that are accepted besides, with full permissions. */
  readonly moreKeys?: readonly string[]
  /** The accounts of keys; see `SimulatorOptions`. */
  readonly accountIds?: Readonly<Record<string, string>>
  /** Simulated seconds per real second. */
  readonly timeFactor?: number
  /** The simulator's wall clock, Unix ms. Default: this computer's. */
  readonly now?: () => number
  /** Who can log in to the pods by SSH. Default: no SSH. */
  readonly ssh?: SshAccess
  /** Serves Hubify as well, whose address the app knows by `HUBIFY_API_BASE_URL`. */
  readonly hubify?: SimulatorOptions['hubify']
  readonly launch?: LaunchOptions
  readonly asOrdinaryUser?: boolean
  /**
   * Inserts something between the app and the simulated Runpod: receives the simulator's address and returns another
   * one.
   */
  readonly wire?: (url: string) => Promise<string>
}

/** The real app with a simulated Runpod, configured through `RUNPOD_API_BASE_URL` only. */
export interface Scene {
  readonly runpod: Simulator
  running: RunningApp
  page: Page
  /**
   * Copies the key to the clipboard, and has the app take it once the window asks for one. Throws if the key is not
   * accepted.
   */
  pasteKey(): Promise<void>
  /** The same as a person does it, with the window's buttons, whatever becomes of the key. */
  pasteKeyByHand(): Promise<void>
  /** Kills the app as a power failure would, and restarts it with the same data. */
  crashAndRestart(): Promise<void>
  close(): Promise<void>
}

export async function openScene(options: SceneOptions = {}): Promise<Scene> {
  const { pods = [], settings = {}, timeFactor = 1, apiKey = FULL_KEY } = options
  const runpod = await createSimulator({
    seed: 7,
    pods,
    timeFactor,
    balanceUsd: creditUsd(pods, timeFactor),
    quotas: roomyQuotas,
    ...(options.now && { now: options.now }),
    ...(options.accountIds && { accountIds: options.accountIds }),
    ...(options.hubify && { hubify: options.hubify }),
    ...(options.networkVolumes && { networkVolumes: options.networkVolumes }),
    ...(options.templates && { templates: options.templates }),
    ...(options.ssh === undefined ? {} : { ssh: options.ssh }),
    ...((apiKey !== FULL_KEY || options.moreKeys) && {
      keys: Object.fromEntries([apiKey, ...(options.moreKeys ?? [])].map((key) => [key, 'full' as const])),
    }),
  })
  const url = (await options.wire?.(runpod.url)) ?? runpod.url
  const dataDir = await mkdtemp(join(process.env['PODKEEPER_SESSION'] ?? tmpdir(), 'data-'))
  writeFormatFile(dataDir)
  await writeFile(
    join(dataDir, 'config.json'),
    JSON.stringify({ settings: { ...quickSettings, ...settings } }),
  )
  const start = options.asOrdinaryUser ? launchAsOrdinaryUser : launch
  const running = await start({
    dataDir,
    ...options.launch,
    env: {
      RUNPOD_API_BASE_URL: `${url}/v2`,
      ...(options.hubify && { HUBIFY_API_BASE_URL: runpod.hubifyUrl }),
      ...options.launch?.env,
    },
  })
  let isClosed = false
  const scene: Scene = {
    runpod,
    running,
    page: await running.popover(),
    async pasteKey() {
      const paste = scene.page.locator('button', { hasText: 'Paste key' })
      await paste.waitFor()
      await copyAndPaste(scene, apiKey)
      await paste.waitFor({ state: 'detached' })
    },
    async pasteKeyByHand() {
      await scene.running.app.evaluate(({ clipboard }, text) => clipboard.writeText(text), apiKey)
      await scene.page.getByRole('button', { name: 'Paste key' }).click()
      await verdictShown(scene.page)
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

/** Copies a key and has the app take it, as the button "Paste key" does. */
export async function copyAndPaste(
  { running, page }: Pick<Scene, 'running' | 'page'>,
  key: string,
): Promise<void> {
  await running.app.evaluate(({ clipboard }, text) => clipboard.writeText(text), key)
  const pasting = page.evaluate<Result<{ kind: string }, unknown>>('window.app.pasteKey()')
  const answer = await agreeToAccounts(running, pasting)
  if (!answer.ok || answer.value.kind !== 'accepted') throw new Error(JSON.stringify(answer))
}

/** Returns once the key was rejected or the pods are shown. */
async function verdictShown(page: Page): Promise<void> {
  const paste = page.getByRole('button', { name: 'Paste key' })
  const refusal = page.locator('.verdict:is(.refused, .not-a-key, .undecided)')
  await waitUntil(
    'an answer to the key',
    async () => (await refusal.count()) > 0 || (await paste.count()) === 0,
  )
}

/** The card of a pod, found by its heading. */
export const card = (page: Page, name: string) =>
  page.getByRole('article').filter({ has: page.getByRole('heading', { name, exact: true }) })

/** The card of a pod, which is opened in the popover where it is a row. */
export async function openCard(page: Page, name: string): Promise<ReturnType<typeof card>> {
  const row = card(page, name).getByRole('button', { name, exact: true, expanded: false })
  await card(page, name).waitFor()
  await waitUntil(`the card of ${name}`, async () => {
    // It may open automatically meanwhile, as the first pod that needs the user does.
    if ((await row.count()) > 0) await row.click({ timeout: 1_000 }).catch(() => undefined)
    return (await row.count()) === 0
  })
  return card(page, name)
}

/** The toasts about stops and restarts. */
export const toasts = (page: Page) => page.getByRole('list', { name: 'Actions' })

/** The id of the first account, which requests of windows name. */
export const accountIdOf = (page: Page): Promise<AccountId> =>
  waitUntil('the account', () =>
    page.evaluate<AccountId | undefined>(
      'window.app.snapshot().then(({ value }) => value?.accounts[0]?.entry.id)',
    ),
  )

/** The key by which windows ask for a pod of the first account. */
export const podKeyIn = async (page: Page, podId: string): Promise<PodKey> =>
  podKeyOf(await accountIdOf(page), podId)

/** Whether somebody will look at pictures: test files were chosen. */
export const arePicturesDrawn = (): boolean => process.env['PODKEEPER_SCREENSHOTS'] !== undefined

/** Saves a screenshot to the ignored folder `screenshots/` where pictures are drawn, for people to look at. */
export async function screenshot(page: Page, name: string): Promise<void> {
  if (!arePicturesDrawn()) return
  const folder = resolve(import.meta.dirname, '../../../../screenshots')
  await mkdir(dirname(join(folder, name)), { recursive: true })
  // A new window has no size until it is shown.
  await waitUntil('the window to have a size', () =>
    page.evaluate<boolean>('innerWidth > 0 && innerHeight > 0'),
  )
  await writeFile(join(folder, `${name}.png`), await capture(page))
}

/** What the app says of its terminals. A window may ask only so often, and then waits. */
export const terminalsView = (page: Page): Promise<TerminalsView> =>
  waitUntil('the terminals', () =>
    page.evaluate<TerminalsView | undefined>('window.app.terminals().then(({ value }) => value)'),
  )

/** Opens the palette by its keys; what is typed then goes to it. */
export async function openPalette(page: Page): Promise<void> {
  await page.keyboard.press('Control+k')
  await page.locator('.palette-field input:focus').waitFor()
}

/** Every action that reached the simulator, in order, as "stop pod-id". */
export function actionsSent({ runpod }: Scene): string[] {
  return runpod.requests.flatMap(({ action, podId }) => (action === undefined ? [] : [`${action} ${podId}`]))
}
