import { GUARD_VERSION } from '../../../core/pod-guard/guard-script'
import { idleSinceMs } from '../../labs/lab-pod'
import type { World } from '../../world/world'

/** What a guard was configured with, in simulated ms. It belongs to one container of a pod. */
interface SimulatedGuard {
  readonly container: string
  readonly settings: string
  readonly startedAtMs: number
  readonly deadlineAtMs: number | null
  readonly keptUntilMs: number
  readonly leaseUntilMs: number
  /** When a person last used the pod through a Podkeeper, which told it. */
  readonly usedAtMs: number
  readonly askedAtMs: number | null
  readonly stopping: 'idle' | 'deadline' | 'asked' | null
}

const WARNING_MS = 30 * 60_000
/** After input, for so long, a guard sees a person there. */
const INPUT_MS = 30 * 60_000
const READING_MS = 60_000

/**
 * The guards in the pods of a world: each stops its pod as of when that was due, as the real script does. See
 * docs/product-rules.md#141-guard-in-the-pod.
 */
export class SimulatedGuards {
  readonly #world: World
  readonly #guards = new Map<string, SimulatedGuard>()
  readonly #previous = new Map<string, SimulatedGuard>()

  constructor(world: World) {
    this.#world = world
    world.addRule((nowMs) => {
      for (const [podId, guard] of this.#guards) this.#enforce(podId, guard, nowMs)
    })
  }

  /** Returns what the script prints, for the container that runs now. */
  run(podId: string, container: string, operation: string, value: (name: string) => string): string {
    const nowMs = this.#world.nowMs()
    const known = this.#guards.get(podId)
    if (known !== undefined && known.container !== container) {
      this.#previous.set(podId, known)
      this.#guards.delete(podId)
    }
    const guard = this.#guards.get(podId)
    const leaseMs = Number(value('lease') || '0') * 1_000
    const until = (seconds: string): number => nowMs + Number(seconds) * 1_000
    switch (operation) {
      case 'install_guard':
        this.#guards.set(podId, {
          container,
          settings: value('settings'),
          startedAtMs: guard?.startedAtMs ?? nowMs,
          deadlineAtMs: value('deadline') === '0' ? null : until(value('deadline')),
          keptUntilMs: until(value('keep')),
          leaseUntilMs: nowMs + leaseMs,
          usedAtMs: guard?.usedAtMs ?? 0,
          askedAtMs: null,
          stopping: null,
        })
        break
      case 'read_guard':
        if (guard !== undefined) {
          const leaseUntilMs = leaseMs > 0 ? nowMs + leaseMs : guard.leaseUntilMs
          const usedMs = value('used') === '' ? 0 : nowMs - Number(value('used')) * 1_000
          this.#guards.set(podId, {
            ...guard,
            leaseUntilMs,
            usedAtMs: Math.max(guard.usedAtMs, usedMs),
          })
        }
        break
      case 'change_guard':
        if (guard !== undefined)
          this.#guards.set(podId, changed(guard, value('change'), Number(value('seconds')), nowMs))
        break
      case 'remove_guard':
        this.#guards.delete(podId)
        this.#previous.delete(podId)
        return 'removed\n'
      default:
        return 'failed This pod is simulated.\n'
    }
    return this.#report(podId, container, nowMs)
  }

  #enforce(podId: string, guard: SimulatedGuard, nowMs: number): void {
    const record = this.#world.record(podId)
    const isSameRun = record !== null && guard.container === `${podId}/${record.previousContainers}`
    if (guard.stopping !== null || !isSameRun) return
    const due = this.#due(podId, guard, nowMs)
    if (due === null || due.atMs > nowMs) return
    if (this.#world.stopAt(podId, due.atMs)) this.#guards.set(podId, { ...guard, stopping: due.cause })
  }

  #idleFromMs(podId: string, guard: SimulatedGuard, nowMs: number): number | null {
    const record = this.#world.record(podId)
    const sinceMs = record === null ? null : idleSinceMs(record, this.#world.seed, nowMs)
    return sinceMs === null ? null : Math.max(sinceMs, guard.startedAtMs, guard.usedAtMs + INPUT_MS)
  }

  #due(
    podId: string,
    guard: SimulatedGuard,
    nowMs: number,
  ): { readonly atMs: number; readonly cause: 'idle' | 'deadline' | 'asked' } | null {
    if (guard.askedAtMs !== null) return { atMs: guard.askedAtMs + READING_MS, cause: 'asked' }
    const [idleS = '0', , , , consent] = guard.settings.split(' ')
    if (consent !== 'yes') return null
    const idleFromMs = this.#idleFromMs(podId, guard, nowMs)
    const idleAtMs = idleFromMs === null ? Infinity : idleFromMs + Number(idleS) * 1_000
    const deadlineAtMs = guard.deadlineAtMs ?? Infinity
    const cause = idleAtMs <= deadlineAtMs ? 'idle' : 'deadline'
    const freeMs = Math.max(guard.startedAtMs, guard.leaseUntilMs, guard.keptUntilMs) + WARNING_MS
    const atMs = Math.max(Math.min(idleAtMs, deadlineAtMs), freeMs)
    return atMs === Infinity ? null : { atMs, cause }
  }

  #report(podId: string, container: string, nowMs: number): string {
    const [guard, previous] = [this.#guards.get(podId), this.#previous.get(podId)]
    if (guard === undefined && previous === undefined) return 'absent\n'
    return [
      `now ${seconds(nowMs)} ${container}`,
      `alive ${guard === undefined ? 'no' : 'yes'}`,
      `file settings\n${(guard ?? previous)?.settings}`,
      ...(previous === undefined ? [] : [`file previous\n${this.#status(podId, previous, nowMs)}`]),
      ...(guard === undefined ? [] : [`file status\n${this.#status(podId, guard, nowMs)}`]),
      'complete\n',
    ].join('\n')
  }

  #status(podId: string, guard: SimulatedGuard, nowMs: number): string {
    const idleFromMs = this.#idleFromMs(podId, guard, nowMs)
    const [idleS = '0', , , , consent] = guard.settings.split(' ')
    const hold =
      consent !== 'yes'
        ? 'report'
        : guard.keptUntilMs > nowMs
          ? 'keep'
          : guard.leaseUntilMs > nowMs
            ? 'lease'
            : '-'
    const due = this.#due(podId, guard, nowMs)
    const isNear = hold === '-' && due !== null && due.atMs - nowMs <= WARNING_MS
    return [
      `podkeeper-guard ${GUARD_VERSION}`,
      `run ${guard.container}`,
      `beat ${seconds(nowMs)}`,
      `idle ${idleFromMs === null ? 0 : seconds(Math.max(0, nowMs - idleFromMs))} ${idleS}`,
      `seen ${idleFromMs === null ? 'busy a GPU' : 'rest -'}`,
      'figures - - - - -',
      'armed 1 200',
      `hold ${hold}`,
      `due ${due?.cause ?? '-'} ${due === null ? '-' : seconds(due.atMs - nowMs)} ${isNear ? seconds(due.atMs) : '-'}`,
      'warned - -',
      `deadline ${guard.deadlineAtMs === null ? 0 : seconds(guard.deadlineAtMs)}`,
      `keep ${guard.keptUntilMs > nowMs ? seconds(guard.keptUntilMs) : 0}`,
      `lease ${seconds(guard.leaseUntilMs)}`,
      guard.stopping === null ? 'stopping - - 0' : `stopping ${guard.stopping} sent 1`,
      'skipped 0',
      'end',
    ].join('\n')
  }
}

const seconds = (ms: number): number => Math.floor(ms / 1_000)

function changed(guard: SimulatedGuard, change: string, forS: number, nowMs: number): SimulatedGuard {
  // Nothing is restarted in a simulated container, and its guard is armed.
  if (change === 'post-start' || change === 'check') return guard
  const untilMs = nowMs + forS * 1_000
  if (change === 'deadline') return { ...guard, deadlineAtMs: forS === 0 ? null : untilMs }
  return change === 'keep' ? { ...guard, keptUntilMs: untilMs } : { ...guard, askedAtMs: nowMs }
}

const registry = new WeakMap<World, SimulatedGuards>()

/** Those of a world, which begin with the first that is asked for. */
export function guardsOf(world: World): SimulatedGuards {
  const known = registry.get(world)
  if (known !== undefined) return known
  const guards = new SimulatedGuards(world)
  registry.set(world, guards)
  return guards
}
