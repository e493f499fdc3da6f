import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ssh2 from 'ssh2'
import type { AccountId } from '../../../../src/core/pods/pod'
import { createAppParts } from '../../../../src/main/app-parts'
import { createAppSsh } from '../../../../src/main/app-ssh'
import { pageUrl } from '../../../../src/main/hardening/app-pages'
import {
  confirmationRules,
  createRequestGate,
  type RequestResult,
} from '../../../../src/main/hardening/request-gate'
import { openLog } from '../../../../src/main/lifecycle/log'
import type { RuntimeLimits } from '../../../../src/main/lifecycle/runtime'
import { openAppStore } from '../../../../src/main/settings/app-store'
import { createPromptWindow } from '../../../../src/main/windows/prompt-window'
import { accountIdOf } from '../../../../src/node/account-id'
import { createSimulator, FULL_KEY, type Simulator } from '../../../../src/simulator/simulator'
import { seedActivity } from '../../app/states/seed-activity'
import { seedHistory } from '../../app/states/seed-history'
import { seedStops } from '../../app/states/seed-stops'
import { writeFormatFile } from '../../data-folder/migrated-folder'
import { startReleaseFeed } from '../../updates/release-feed-server'
import { encodePlainData } from '../plain-data-codec'
import type { SceneEvent, SceneFunctions, BrowserSceneOptions } from '../scene-contract'
import { createSceneTime } from './scene-time'
import { startSceneTelegram } from './scene-telegram'
import { startTeamServer } from './team-server'
import { createTestHost } from './test-host'
import { createTestWindows } from './test-windows'

/** More than any test sends: while time stands still, no quota is restored. */
const QUOTAS = { minute: 6_000, hour: 36_000, day: 864_000 }
const BALANCE_USD = 164.2

/**
 * The app without Electron, with a simulated Runpod over HTTP and a data folder of its own. Everything is real but
 * what `test-host` and `test-windows` stand for, and time passes only when the test says so.
 */
export async function openScene(options: BrowserSceneOptions): Promise<SceneFunctions> {
  const { settings = {}, startsAtMs, isConnected = true, faults = [], ...rest } = options
  const { activity = [], history, stops = [], hasTeamServer = false, hasTelegram = false, ...others } = rest
  const { newestRelease, servedUpdate, ...ofSimulator } = others
  const time = createSceneTime(() => runpod?.url ?? 'http://127.0.0.1', startsAtMs)
  const { clock } = time
  let runpod: Simulator | undefined
  const simulator = await createSimulator({
    seed: 7,
    pods: [],
    balanceUsd: BALANCE_USD,
    quotas: QUOTAS,
    ...ofSimulator,
    now: () => clock.now().wallMs,
  })
  runpod = simulator
  const teamServer = hasTeamServer
    ? await startTeamServer(
        () => simulator.runningPodIds(),
        () => clock.now().wallMs,
      )
    : null
  const telegram = hasTelegram ? await startSceneTelegram() : null
  for (const fault of faults) simulator.fault(fault)
  const folder = mkdtempSync(join(tmpdir(), 'scene-'))
  const home = join(folder, 'test-home')
  mkdirSync(home)
  writeFormatFile(folder)
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ settings }))
  seedActivity(folder, activity.length, (index) => activity[index]!)
  if (history !== undefined)
    await seedHistory({
      ...history,
      dataDir: folder,
      accountId: accountIdOf(new URL(simulator.url), FULL_KEY),
      beforeMs: clock.now().wallMs,
    })

  if (stops.length > 0)
    seedStops({
      dataDir: folder,
      accountId: accountIdOf(new URL(simulator.url), FULL_KEY),
      stops,
      nowMs: clock.now().wallMs,
    })

  const events: SceneEvent[] = []
  let onEvent = (): void => {}
  let isClosed = false
  const windows = createTestWindows((name, payload) => {
    events.push({ number: events.length + 1, name, payload })
    onEvent()
  })
  const logLines: string[] = []
  const log = openLog({
    path: join(folder, 'logs/podkeeper.log'),
    nowMs: () => clock.now().wallMs,
    echo: (line) => void logLines.push(line),
  })
  const store = openAppStore(folder, () => clock.now().wallMs, log)
  const releases = newestRelease === undefined ? null : await startReleaseFeed(newestRelease, servedUpdate)
  const testHost = createTestHost(
    {
      RUNPOD_API_BASE_URL: `${simulator.url}/v2`,
      ...(options.hubify && { HUBIFY_API_BASE_URL: simulator.hubifyUrl }),
    },
    releases?.source ?? null,
    servedUpdate !== undefined,
  )
  const limits: RuntimeLimits = {
    hosts: 'loopback-only',
    home,
    env: {},
    usesKeyring: true,
    telegramOrigin: telegram?.origin,
  }
  const accountKeys = new Map<AccountId, string>()
  const promptWindow = createPromptWindow({
    clock,
    createWindow: () => ({ show: () => {}, close: () => {}, shows: () => false }),
  })
  const ssh = createAppSsh({
    clock,
    store,
    userData: folder,
    limits,
    accountKeys,
    unlockWorkerPath: 'not-needed-here',
    report: log.warn,
  })
  const parts = createAppParts({
    host: testHost.host,
    clock,
    userData: folder,
    log,
    store,
    notifier: testHost.notifier,
    limits,
    ssh,
    accountKeys,
    windows,
    promptWindow,
  })
  const { session, folderHost, handlers } = parts
  await folderHost.start()
  parts.podsApi.start()
  parts.updates.start()
  await session.restore()

  // Their rates are tested with the gate; here time stands still.
  let gateMs = 0
  const manyMinutesLater = (): number => (gateMs += 3_600_000)
  const gate = createRequestGate(manyMinutesLater)
  const confirmationGate = createRequestGate(manyMinutesLater, confirmationRules)

  if (isConnected) {
    testHost.clipboard = FULL_KEY
    const check = await session.pasteKey()
    if (check.kind !== 'accepted') throw new Error(`The key was not accepted: ${JSON.stringify(check)}`)
    testHost.clipboard = ''
    await time.advanceUntil('the pods', () => session.snapshot().connection.kind === 'live')
    // As in the demo: connections to simulated pods ask nothing.
    if (options.ssh !== undefined)
      accountKeys.set(
        accountIdOf(new URL(simulator.url), FULL_KEY),
        ssh2.utils.generateKeyPairSync('ed25519').private,
      )
  }

  return {
    async request(page, name, args) {
      const isConfirmation = page === 'confirm.html'
      const implemented = (isConfirmation ? promptWindow.handlers : handlers) as Record<
        string,
        (...given: readonly unknown[]) => RequestResult
      >
      let isAdmitted = false
      try {
        const sender = { url: pageUrl(page), isTopFrame: true, isInAppWindow: true }
        const result = await (isConfirmation ? confirmationGate : gate).answer(
          name,
          sender,
          args,
          (given) => {
            isAdmitted = true
            return implemented[name]!(...given)
          },
        )
        if (!isAdmitted && !result.ok)
          return { result, breach: `${result.error.message} (${name}: ${JSON.stringify(args)})` }
        encodePlainData(result)
        return { result, breach: null }
      } catch (cause) {
        const message = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
        return { result: { ok: false, error: { message } }, breach: `The reply to ${name}: ${message}` }
      }
    },
    async eventsAfter(number) {
      while (!isClosed && events.length <= number)
        await new Promise<void>((resolve) => {
          onEvent = resolve
        })
      return isClosed ? null : events.slice(number)
    },
    async advance(ms) {
      await time.advance(ms)
      return events.length
    },
    async settle() {
      await time.settle()
      return events.length
    },
    nowMs: async () => clock.now().wallMs,
    async runpod(name, args) {
      const member = simulator[name] as unknown
      return typeof member === 'function'
        ? (member as (...given: readonly unknown[]) => unknown).apply(simulator, [...args])
        : member
    },
    async question() {
      const view = await promptWindow.handlers.confirmation()
      return view.ok ? view.value : null
    },
    async answerQuestion(token, typed) {
      const answer = await promptWindow.handlers.answerConfirmation(token, typed)
      if (!answer.ok) throw new Error(answer.error)
      return answer.value
    },
    host: async () => ({
      ...testHost.record(),
      clipboard: testHost.clipboard,
      shownPages: windows.shownPages,
      logLines,
      teamServer: teamServer && { origin: teamServer.origin, asked: teamServer.asked },
    }),
    async setClipboard(text) {
      testHost.clipboard = text
    },
    answerNextDialog: async (paths) => testHost.answerNextDialog(paths),
    async writeToBot(text) {
      telegram?.write(text)
    },
    readTextFile: (path) => readFile(path, 'utf8'),
    folder: async () => folder,
    async close() {
      isClosed = true
      onEvent()
      parts.updates.dispose()
      session.dispose()
      folderHost.dispose()
      log.close()
      telegram?.close()
      await teamServer?.close()
      await simulator.close()
      await releases?.close()
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}
