import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { allAuditEntries } from '../../../src/core/audit-log/audit-log'
import { ok } from '../../../src/core/base/result'
import type { Monitor } from '../../../src/core/monitor/monitor-types'
import type { Pod } from '../../../src/core/pods/pod'
import { defaultSettings } from '../../../src/core/settings/settings'
import { createNotices } from '../../../src/core/view/notices'
import { type ChannelAddress, openChannelStore } from '../../../src/node/channels/channel-store'
import { createFolderLock } from '../../../src/node/data-folder/lock/folder-lock'
import { createFolderHost } from '../../../src/node/host/folder-host'
import type { FolderHost } from '../../../src/node/host/host-types'
import { createMemoryAccountRules } from '../../../src/node/in-memory/memory-files'
import { createAddressSender } from '../../../src/providers/channels/send-to-address'
import { createPhoneServices } from '../../../src/providers/phone/phone-services'
import { createFakeClock } from '../base/fake-clock'
import { migratedFolder } from '../data-folder/migrated-folder'
import { createScriptedProvider } from '../monitor/scripted-provider'
import { pod, stoppedPod, telemetry } from '../samples/pods'

const reach = { version: '1.0', proxyEnvironment: {}, hosts: 'loopback-only' } as const
/** Real time for a reply over HTTP, at the most. */
const WITHIN_MS = 10_000

/**
 * The host of a data folder with one account and one idle pod, "llama". Time passes only when a test waits for something;
 * services are reached over real HTTP.
 */
export function createPhoneHost() {
  const folder = migratedFolder('podkeeper-phone-')
  const clock = createFakeClock()
  const services = createPhoneServices(reach)
  const store = openChannelStore(folder, null, () => {})
  const provider = createScriptedProvider([])
  const accountRules = createMemoryAccountRules()
  const startedAtMs = clock.now().wallMs - 3_600_000
  let isStopped = false
  let runs = 0
  const pods = (): readonly Pod[] => {
    const uptimeS = Math.round((clock.now().wallMs - startedAtMs) / 1_000)
    const same = { id: 'llama', name: 'llama', startedAtMs }
    return [isStopped ? stoppedPod(same) : pod({ ...same, telemetry: telemetry({ uptimeS }) })]
  }
  provider.listPods = async () => ok({ pods: pods(), isComplete: true })
  provider.getPod = async () => ok(pods()[0]!)
  provider.act = async (id, action) => {
    provider.calls.push(`${action} ${id}`)
    isStopped = true
    return ok(null)
  }
  let running: { readonly host: FolderHost; readonly monitor: Monitor } | null = null

  function end(): void {
    running?.monitor.dispose()
    running?.host.dispose()
    running = null
  }
  onTestFinished(end)

  const scene = {
    folder,
    clock,
    store,
    services,
    stops: () => provider.calls.filter((call) => call.startsWith('stop')).length,
    host: () => running!.host,
    monitor: () => running!.monitor,
    log: (): string[] =>
      running!.host.activity
        .page(null, allAuditEntries, 200)
        .entries.map(({ text }) => text)
        .reverse(),
    async addChannel(kind: 'telegram' | 'ntfy', address: ChannelAddress): Promise<string> {
      const added = await store.add(kind, kind, '127.0.0.1', address)
      if (!added.ok) throw new Error(added.error)
      return added.value.id
    },
    async pairedBot(origin: string, token: string): Promise<string> {
      const address = { address: `${origin}/7`, token }
      const id = await scene.addChannel('telegram', address)
      await store.pair(id, address, { personName: 'Anna', sinceMs: clock.now().wallMs })
      return id
    },
    async start(): Promise<void> {
      const monitors: Monitor[] = []
      const settings = () => ({ ...defaultSettings, bootMin: 0, idleAlertAfterMin: 5, readsDisks: false })
      const host = createFolderHost({
        folder,
        clock,
        program: 'Podkeeper',
        createFolderLock: (onRole) =>
          createFolderLock({
            dataFolder: folder,
            journalPath: join(folder, 'intents.jsonl'),
            program: 'app',
            canActUnlocked: true,
            nowMs: () => clock.now().wallMs,
            onRole,
          }),
        settings,
        accountRules,
        monitors: () => monitors,
        keyring: null,
        podAccess: null,
        sendHeartbeat: async () => ok(undefined),
        sendToChannel: createAddressSender({ ...reach, now: () => clock.now() }),
        phoneServices: services,
        isScreenLocked: () => null,
        notifier: { show: async () => 'shown' },
        alertsPausedUntilMs: () => null,
        inputAgoMs: () => null,
        onRole: () => {},
        onJournalProblem: () => {},
        onActivityProblem: () => {},
        onHistoryProblem: () => {},
        onChannels: () => {},
        report: () => {},
      })
      await host.start()
      const monitor = host.createMonitor({
        account: { id: 'own', isDemo: false, host: 'api', keyStorage: 'session-only' },
        provider,
        settings,
        notifier: { show: async () => 'shown' },
        notices: createNotices(),
        auditLog: host.activity,
        podApiBase: () => null,
        label: () => null,
        isRunpod: true,
        isUnclear: false,
        addedAtMs: null,
      })
      monitors.push(monitor)
      monitor.start()
      running = { host, monitor }
    },
    end,
    /** The program ends and starts again `awayMs` later. */
    async restart(awayMs = 60_000): Promise<void> {
      end()
      clock.shiftWallClock(awayMs)
      clock.restart(`run-${(runs += 1)}-${randomUUID()}`)
      await scene.start()
    },
    /** Lets time pass until it is so, in steps. */
    async until<T>(what: string, check: () => T, stepMs = 1_000): Promise<NonNullable<T>> {
      const limit = performance.now() + WITHIN_MS
      for (;;) {
        const found = check()
        if (found) return found
        if (performance.now() > limit) throw new Error(`Waited in vain for ${what}`)
        await clock.advanceAsync(stepMs)
        await new Promise((resolve) => setTimeout(resolve, 3))
      }
    },
    /** Lets this time pass, with what is answered in it. */
    async pass(ms: number): Promise<void> {
      const endMs = clock.now().monotonicMs + ms
      await scene.until(`${ms} ms`, () => clock.now().monotonicMs >= endMs, Math.max(1_000, ms / 100))
    },
    expectNoStop: (): void => expect(scene.stops()).toBe(0),
  }
  return scene
}
