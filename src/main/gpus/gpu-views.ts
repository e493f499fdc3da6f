import type { Clock } from '../../core/base/time/clock'
import { fail, ok, type Result } from '../../core/base/result'
import { elapsedMs, type Instant, MINUTE_MS } from '../../core/base/time/time'
import { type GpuProblem, gpuScript, parseGpus, SMI_LIMIT_S } from '../../core/gpus/gpu-probe'
import type { GpuReading } from '../../core/gpus/gpu-reading'
import { type AccountId, parsePodKey, type Pod, type PodKey, podNotListedText } from '../../core/pods/pod'
import type { GpuConnect, LiveGpusReply } from '../../shared/requests/pod/gpu-requests'
import type { ConnectPrompts } from '../../ssh/connection/ssh-shell'
import { toSshTarget } from '../../ssh/connection/ssh-target'
import type { OpenScriptSession, ScriptSession } from '../../ssh/run/open-script-session'
import { gpusText } from './gpus-text'

export interface GpuViewsOptions {
  readonly clock: Clock
  /** The pod as last observed; null: not listed. */
  readonly findPod: (podKey: PodKey) => Pod | null
  /** Whether a window that may show them can be seen. */
  readonly isShown: () => boolean
  /** Whether a terminal is connected to the pod. */
  readonly hasTerminal: (podKey: PodKey) => boolean
  /** What asks about a host key or a passphrase. */
  readonly prompts: (podName: string) => ConnectPrompts
  readonly openSession: OpenScriptSession
  readonly onReading: (
    accountId: AccountId,
    podId: string,
    startedAtMs: number | null,
    reading: GpuReading,
  ) => void
}

/** Reads the GPUs of pods, only when a window asks for it. See docs/product-rules.md#134-live-gpus-snippets-editors. */
export interface GpuViews {
  /** Once. The error is a sentence. */
  read(podKey: PodKey, viewer: string, connect: GpuConnect): Promise<Result<LiveGpusReply, string>>
  close(podKey: PodKey, viewer: string): void
  closeAll(): void
  /** A page is gone that may have shown some; those that no other page reads soon are closed. */
  closeUnread(): void
}

const MAX_VIEWS = 4
const MAX_VIEWERS = 4
/** Two places that show the same GPUs share a reading of this age, ms. */
const SHARED_MS = 1_500
/** A connection that nobody reads by any more is closed, ms. */
const UNUSED_MS = 10 * MINUTE_MS
/** The same if its page may be gone: more than a slow reading takes, ms. */
const UNREAD_MS = 30_000
/** For both questions to nvidia-smi, and what comes with them. */
const READ_LIMIT_MS = (2 * SMI_LIMIT_S + 4) * 1_000

interface OpenGpuView {
  readonly viewers: Set<string>
  readonly ending: AbortController
  /** The run of the pod that the connection leads to. */
  readonly startedAtMs: number | null
  readonly session: Promise<Result<ScriptSession, string>>
  reading: Promise<Result<GpuReading, string>> | null
  readAt: Instant | null
  cancelUnused: () => void
}

export function createGpuViews(options: GpuViewsOptions): GpuViews {
  const { clock, findPod } = options
  const views = new Map<PodKey, OpenGpuView>()

  function end(podKey: PodKey, view: OpenGpuView): void {
    if (views.get(podKey) === view) views.delete(podKey)
    view.cancelUnused()
    view.ending.abort()
    void view.session.then((session) => session.ok && session.value.close())
  }

  async function openSession(
    accountId: AccountId,
    pod: Pod,
    asks: boolean,
    signal: AbortSignal,
  ): Promise<Result<ScriptSession, string>> {
    const target = toSshTarget(accountId, pod)
    if (target === null) return fail(gpusText.notRunning)
    if (target.ssh.direct === null) return fail(gpusText.needsDirect)
    const opened = await options.openSession(target, asks ? options.prompts(pod.name) : null, signal)
    return opened.ok ? opened : fail(opened.error.reason)
  }

  function open(podKey: PodKey, pod: Pod, asks: boolean): OpenGpuView {
    const { accountId } = parsePodKey(podKey)
    const ending = new AbortController()
    const view: OpenGpuView = {
      viewers: new Set(),
      ending,
      startedAtMs: pod.startedAtMs,
      session: openSession(accountId, pod, asks, ending.signal),
      reading: null,
      readAt: null,
      cancelUnused: () => {},
    }
    views.set(podKey, view)
    return view
  }

  async function readOnce(podKey: PodKey, view: OpenGpuView): Promise<Result<GpuReading, string>> {
    const session = await view.session
    if (!session.ok) return session
    const printed = await session.value.run(gpuScript, READ_LIMIT_MS)
    if (!printed.ok)
      return fail(
        printed.error.kind === 'timed-out' ? gpusText.problem({ kind: 'timed-out' }) : printed.error.reason,
      )
    const reading: Result<GpuReading, GpuProblem> = parseGpus(printed.value)
    if (!reading.ok) return fail(gpusText.problem(reading.error))
    const { accountId, podId } = parsePodKey(podKey)
    options.onReading(accountId, podId, view.startedAtMs, reading.value)
    return reading
  }

  function readShared(podKey: PodKey, view: OpenGpuView): Promise<Result<GpuReading, string>> {
    const { reading, readAt } = view
    const isRecent = readAt === null || elapsedMs(readAt, clock.now()) < SHARED_MS
    if (reading !== null && isRecent) return reading
    view.readAt = null
    view.reading = readOnce(podKey, view).finally(() => (view.readAt = clock.now()))
    return view.reading
  }

  return {
    async read(podKey, viewer, connect) {
      if (!options.isShown()) return ok({ kind: 'not-shown' })
      let view = views.get(podKey)
      const pod = findPod(podKey)
      if (pod === null) {
        if (view !== undefined) end(podKey, view)
        return fail(podNotListedText)
      }
      const notRead = (reason: string): Result<never, string> => fail(gpusText.notRead(pod.name, reason))
      if (view !== undefined && view.startedAtMs !== pod.startedAtMs) {
        end(podKey, view)
        return notRead(gpusText.restarted)
      }
      if (view === undefined) {
        if (connect === 'no') return ok({ kind: 'not-connected' })
        if (connect === 'beside-terminal' && !options.hasTerminal(podKey)) return notRead(gpusText.noTerminal)
        if (views.size >= MAX_VIEWS) return notRead(gpusText.tooMany)
        view = open(podKey, pod, connect === 'yes')
      }
      if (view.viewers.size < MAX_VIEWERS) view.viewers.add(viewer)
      view.cancelUnused()
      const read = view
      view.cancelUnused = clock.schedule(UNUSED_MS, () => end(podKey, read))
      const reading = await readShared(podKey, view)
      if (view.ending.signal.aborted) return ok({ kind: 'not-connected' })
      if (reading.ok) return ok({ kind: 'read', reading: reading.value })
      end(podKey, view)
      return notRead(reading.error)
    },
    close(podKey, viewer) {
      const view = views.get(podKey)
      view?.viewers.delete(viewer)
      if (view?.viewers.size === 0) end(podKey, view)
    },
    closeAll() {
      for (const [podKey, view] of views) end(podKey, view)
    },
    closeUnread() {
      for (const [podKey, view] of views) {
        view.viewers.clear()
        view.cancelUnused()
        view.cancelUnused = clock.schedule(UNREAD_MS, () => end(podKey, view))
      }
    },
  }
}
