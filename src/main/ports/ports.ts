import type { AccountPods } from '../../core/confirmation/confirmation-prompt'
import type { Clock } from '../../core/base/time/clock'
import { fail, ok, type Result } from '../../core/base/result'
import {
  type AccountId,
  parsePodKey,
  type Pod,
  type PodKey,
  podKeyOf,
  podNotListedText,
} from '../../core/pods/pod'
import {
  type PortForward,
  toForward,
  unregisteredPort,
  type WantedForward,
} from '../../core/ports/port-forward'
import { isSameForward, MAX_FORWARDS, type PortsView } from '../../core/ports/ports-view'
import type { TerminalInputTracker } from '../../core/terminal/terminal-input'
import type { Snapshot } from '../../core/view/snapshot'
import type { ForwardsFile } from '../../node/data-folder/forwards-file'
import type { ConnectPrompts, SshTarget } from '../../ssh/connection/ssh-shell'
import { toSshTarget } from '../../ssh/connection/ssh-target'
import { createThrottledPublisher } from '../terminals/throttled-publisher'
import { createPodPorts, type PodPorts, type PodPortsOptions } from './pod-ports'
import { portsText } from './ports-text'

export interface PortsOptions extends Pick<PodPortsOptions, 'ssh' | 'openInBrowser' | 'retryDelaysMs'> {
  readonly clock: Clock
  /** What asks a person about a connection to the pod of this name. */
  readonly promptsFor: (podName: string, onAsking: (isAsking: boolean) => void) => ConnectPrompts
  /** The pods as last observed; null unless that account is connected. */
  readonly accountPods: (accountId: AccountId) => AccountPods | null
  readonly saved: Pick<ForwardsFile, 'all' | 'change'>
  /** Whether forwards of the account's pods are saved. */
  readonly isSaved: (accountId: AccountId) => boolean
  /** Asks a person about a port that main didn't choose. The error is a sentence. */
  readonly mayTakePort: (pod: Pod, podKey: PodKey, forward: PortForward) => Promise<Result<boolean, string>>
  readonly input: Pick<TerminalInputTracker, 'recordInput'>
  readonly canHaveOwnAddress: boolean
  readonly publish: (view: PortsView) => void
}

/** The ports of all pods. Errors are sentences. See docs/product-rules.md#132-ports. */
export interface Ports {
  view(): PortsView
  /**
   * Saves and starts a forward. It starts although it can't be saved, which the error says. False: a person declined the
   * port.
   */
  start(podKey: PodKey, wanted: WantedForward): Promise<Result<boolean, string>>
  /** It stays saved. */
  stop(podKey: PodKey, forward: PortForward): void
  /** Stops a forward, which is no longer saved. */
  remove(podKey: PodKey, forward: PortForward): Result<void, string>
  /** Finds out what listens on the pod, which the view then has. */
  lookUp(podKey: PodKey): Promise<Result<void, string>>
  /** Opens a started forward in the browser, Jupyter with its token. */
  open(podKey: PodKey, forward: PortForward): Promise<Result<void, string>>
  /** Must be called with each snapshot. */
  onSnapshot(snapshot: Snapshot): void
  /** The computer woke up. */
  onWake(): void
  dispose(): void
}

const SAMPLE_MS = 1_000

/** The forward with the port of this computer: one that leads there already, or one where no service is expected. */
function chosen(wanted: WantedForward, known: readonly PortForward[]): PortForward {
  const { remotePort, localPort, hasOwnAddress } = wanted
  if (localPort !== null) return toForward({ ...wanted, localPort })
  const same = known.find((one) => one.remotePort === remotePort && one.hasOwnAddress === hasOwnAddress)
  if (same !== undefined) return toForward(same)
  // Nothing else is expected at the pod's own address.
  return toForward({ ...wanted, localPort: hasOwnAddress ? remotePort : unregisteredPort(Math.random()) })
}

export function createPorts(options: PortsOptions): Ports {
  const { clock, saved, isSaved } = options
  const pods = new Map<PodKey, PodPorts>()
  const seenBytes = new Map<PodKey, number>()
  const publisher = createThrottledPublisher(clock, (revision) => options.publish(viewAt(revision)))
  let cancelSample: (() => void) | null = null

  function viewAt(revision: number): PortsView {
    const offered = new Map<PodKey, PortForward[]>([...pods.keys()].map((podKey) => [podKey, []]))
    for (const { accountId, podId, ...forward } of saved.all()) {
      const podKey = podKeyOf(accountId, podId)
      if (find(podKey) !== null) offered.set(podKey, [...(offered.get(podKey) ?? []), forward])
    }
    return {
      revision,
      canHaveOwnAddress: options.canHaveOwnAddress,
      pods: [...offered].map(([podKey, forwards]) => portsOf(podKey).view(forwards)),
    }
  }

  function find(podKey: PodKey): Pod | null {
    const { accountId, podId } = parsePodKey(podKey)
    return options.accountPods(accountId)?.pods.find(({ id }) => id === podId) ?? null
  }

  /** Null: there is no direct connection to it now. */
  function targetOf(podKey: PodKey): SshTarget | null {
    const pod = find(podKey)
    const target = pod === null ? null : toSshTarget(parsePodKey(podKey).accountId, pod)
    return target?.ssh.direct == null ? null : { ...target, ssh: { ...target.ssh, proxy: null } }
  }

  function portsOf(podKey: PodKey): PodPorts {
    const known = pods.get(podKey)
    if (known !== undefined) return known
    const added = createPodPorts({
      ...options,
      podKey,
      target: () => targetOf(podKey),
      promptsFor: (onAsking) => options.promptsFor(find(podKey)?.name ?? '', onAsking),
      nowMs: () => clock.now().wallMs,
      onChange: publisher.requestPublish,
    })
    pods.set(podKey, added)
    return added
  }

  /** A pod whose ports can be reached. */
  function reach(podKey: PodKey): Result<{ readonly pod: Pod; readonly ports: PodPorts }, string> {
    if (options.accountPods(parsePodKey(podKey).accountId) === null) return fail(portsText.accountGone)
    const pod = find(podKey)
    if (pod === null) return fail(podNotListedText)
    if (pod.phase !== 'running') return fail(portsText.notRunning)
    return targetOf(podKey) === null ? fail(portsText.noDirectSsh) : ok({ pod, ports: portsOf(podKey) })
  }

  function save(
    podKey: PodKey,
    next: (forwards: readonly PortForward[]) => readonly PortForward[],
  ): Result<void, string> {
    const { accountId, podId } = parsePodKey(podKey)
    return isSaved(accountId) ? saved.change(accountId, podId, next) : ok(undefined)
  }

  /** Those of the pod that main chose or a person agreed to. */
  function knownForwards(podKey: PodKey): readonly PortForward[] {
    const { accountId, podId } = parsePodKey(podKey)
    const ofPod = saved.all().filter((one) => one.accountId === accountId && one.podId === podId)
    return [...(pods.get(podKey)?.forwards.views() ?? []), ...ofPod]
  }

  const startedCount = (): number =>
    [...pods.values()].reduce((sum, { forwards }) => sum + forwards.views().length, 0)

  /** Traffic counts as use of the pod: docs/product-rules.md#22-busy. */
  function sample(): void {
    for (const [podKey, { forwards }] of pods) {
      const bytes = forwards.movedBytes()
      if (bytes === (seenBytes.get(podKey) ?? 0)) continue
      seenBytes.set(podKey, bytes)
      options.input.recordInput(podKey)
      publisher.requestPublish()
    }
    cancelSample = startedCount() > 0 ? clock.schedule(SAMPLE_MS, sample) : null
  }

  return {
    view: () => viewAt(publisher.revision()),
    async start(podKey, wanted) {
      const asked = reach(podKey)
      if (!asked.ok) return asked
      const known = knownForwards(podKey)
      const forward = chosen(wanted, known)
      const isMains = wanted.localPort === null || forward.hasOwnAddress === true
      if (!isMains && !known.some((one) => isSameForward(one, forward))) {
        const agreed = await options.mayTakePort(asked.value.pod, podKey, forward)
        if (!agreed.ok || !agreed.value) return agreed
      }
      // It may have stopped while the person was asked.
      const reached = reach(podKey)
      if (!reached.ok) return reached
      const { ports } = reached.value
      const isStarted = ports.forwards.views().some((one) => isSameForward(one, forward))
      if (!isStarted && startedCount() >= MAX_FORWARDS) return fail(portsText.tooMany(MAX_FORWARDS))
      ports.start(forward)
      cancelSample ??= clock.schedule(SAMPLE_MS, sample)
      const kept = save(podKey, (others) =>
        others.some((one) => isSameForward(one, forward)) ? others : [...others, forward],
      )
      return kept.ok ? ok(true) : kept
    },
    stop: (podKey, forward) => pods.get(podKey)?.forwards.stop(forward),
    remove(podKey, forward) {
      pods.get(podKey)?.forwards.stop(forward)
      const done = save(podKey, (known) => known.filter((one) => !isSameForward(one, forward)))
      publisher.requestPublish()
      return done
    },
    async lookUp(podKey) {
      const reached = reach(podKey)
      return reached.ok ? ok(await reached.value.ports.lookUp()) : reached
    },
    async open(podKey, forward) {
      const reached = reach(podKey)
      return reached.ok ? reached.value.ports.open(forward) : reached
    },
    onSnapshot(snapshot) {
      for (const [podKey, ports] of pods) {
        const { accountId } = parsePodKey(podKey)
        if (options.accountPods(accountId) === null) {
          ports.end(portsText.accountGone)
          continue
        }
        // Before the first list no pod is known to be gone.
        const part = snapshot.accounts.find(({ entry }) => entry.id === accountId)
        if (part === undefined || part.listedAtMs === null) continue
        const pod = find(podKey)
        if (pod === null || pod.phase === 'terminated') {
          ports.dispose()
          pods.delete(podKey)
          seenBytes.delete(podKey)
          publisher.requestPublish()
        } else if (pod.phase === 'stopped') ports.end(portsText.podStopped)
        else ports.onPod(pod)
      }
    },
    onWake() {
      for (const { forwards } of pods.values()) forwards.retryNow()
    },
    dispose() {
      cancelSample?.()
      for (const ports of pods.values()) ports.dispose()
      pods.clear()
      publisher.dispose()
    },
  }
}
