import { createAccountChanges } from '../../../src/core/changes/account-changes'
import type { AuditEntry } from '../../../src/core/audit-log/audit-log'
import { fail, ok, type Result } from '../../../src/core/base/result'
import type { Pod } from '../../../src/core/pods/pod'
import type { ServerlessEndpoint } from '../../../src/core/pods/serverless/serverless-endpoint'
import type { PodConfiguration } from '../../../src/core/pods/pod-request'
import type {
  NetworkVolume,
  Provider,
  ProviderError,
  ProviderErrorKind,
} from '../../../src/core/pods/provider'
import type { SecretTemplate } from '../../../src/core/pods/catalog'
import { configuration, secretTemplate, volume } from '../samples/configurations'
import { createFakeClock, START_MS } from '../base/fake-clock'
import { createAccountContext } from './account-context'
import { endpoint } from '../samples/endpoints'
import { pod } from '../samples/pods'
import { createScriptedProvider, providerError } from './scripted-provider'

/** How the cloud handles one change. */
export const changeReplies = [
  '2xx',
  '2xx-late',
  '2xx-ignored',
  '400',
  '402',
  '403',
  '404',
  '408',
  '409',
  '422',
  '429',
  '500',
  '500-done',
  '500-late',
  'reset-before',
  'reset-after',
  'half-body',
] as const
export type ChangeReply = (typeof changeReplies)[number]

const takesEffect: Readonly<Partial<Record<ChangeReply, 'now' | 'late'>>> = {
  '2xx': 'now',
  '2xx-late': 'late',
  '500-done': 'now',
  '500-late': 'late',
  'reset-after': 'now',
  'half-body': 'now',
}

const errorKinds: Readonly<Partial<Record<ChangeReply, ProviderErrorKind>>> = {
  '400': 'invalid',
  '402': 'no-balance',
  '403': 'forbidden',
  '404': 'not-found',
  '408': 'unreachable',
  '409': 'conflict',
  '422': 'invalid',
  '429': 'rate-limited',
  '500': 'unreachable',
  '500-done': 'unreachable',
  '500-late': 'unreachable',
  'reset-before': 'unreachable',
  'reset-after': 'unreachable',
  'half-body': 'unreadable',
}

/** Errors after which it is certain that nothing was done. */
export const isRefusal = (reply: ChangeReply): boolean => {
  const kind = errorKinds[reply]
  return kind !== undefined && kind !== 'unreachable' && kind !== 'unreadable'
}

export interface ChangeWorldOptions {
  readonly reply?: ChangeReply
  /** What the cloud shows of a pod that it hides nothing of. */
  readonly pod?: Partial<Pod>
  readonly configuration?: Partial<PodConfiguration>
  readonly volumes?: readonly NetworkVolume[]
  /** Own templates with secrets. Default: one. */
  readonly templates?: readonly SecretTemplate[]
  readonly endpoint?: Partial<ServerlessEndpoint>
  readonly hasOpenIntent?: boolean
  readonly arePodsKnown?: boolean
  /** Default: the one pod. */
  readonly listedPods?: readonly Pod[]
  /** Reads fail once a change was sent. */
  readonly areReadsLost?: boolean
}

/** A cloud with volumes and a pod, and the changes of an account in it. */
export function createChangeWorld(options: ChangeWorldOptions = {}) {
  const { reply = '2xx' } = options
  const clock = createFakeClock()
  const entries: AuditEntry[] = []
  const notices: string[] = []
  const sent: string[] = []
  const listed: (readonly NetworkVolume[])[] = []
  const zeroed: string[] = []
  const log = { isFull: false }
  const world = {
    volumes: options.volumes ?? [volume()],
    templates: options.templates ?? [secretTemplate()],
    pod: pod(options.pod),
    configuration: configuration(options.configuration),
    endpoint: endpoint(options.endpoint),
    /** No read succeeds. */
    isUnreadable: false,
    hasOpenIntent: options.hasOpenIntent === true,
    /** Another program changes something right before the next request. */
    before: (): void => {},
  }
  const isLost = (): boolean => world.isUnreadable || (options.areReadsLost === true && sent.length > 0)

  function change<T>(request: string, act: () => T): Promise<Result<T, ProviderError>> {
    sent.push(request)
    const effect = takesEffect[reply]
    // A late effect shows after the second look for it.
    if (effect === 'late') clock.schedule(20_000, act)
    const value = effect === 'now' ? act() : null
    const kind = errorKinds[reply]
    const answer =
      kind === undefined
        ? ok(value as T)
        : fail(providerError(kind, { message: `It said ${reply}. $.ports[0]: does not match` }))
    return Promise.resolve(answer)
  }

  function changeVolume(id: string, changes: Partial<NetworkVolume>): NetworkVolume {
    world.volumes = world.volumes.map((each) => (each.id === id ? { ...each, ...changes } : each))
    return world.volumes.find((each) => each.id === id) ?? volume()
  }

  const provider: Provider = {
    ...createScriptedProvider([]),
    getPod: async () => (isLost() ? fail(providerError('unreachable')) : ok(world.pod)),
    async listNetworkVolumes() {
      world.before()
      return isLost() ? fail(providerError('unreachable')) : ok(world.volumes)
    },
    createNetworkVolume: ({ name, sizeGb, dataCenterId }) =>
      change(`create ${name}`, () => {
        const made = volume({ id: `vol-${world.volumes.length + 1}`, name, sizeGb, dataCenterId })
        world.volumes = [...world.volumes, made]
        return made
      }),
    changeNetworkVolume: (id, changes) => change(`change ${id}`, () => changeVolume(id, changes)),
    deleteNetworkVolume: (id) =>
      change(`delete ${id}`, () => void (world.volumes = world.volumes.filter((each) => each.id !== id))),
    async listSecretTemplates() {
      world.before()
      return isLost()
        ? fail(providerError('unreachable'))
        : ok({ templates: world.templates, isComplete: true })
    },
    deleteTemplate: (id) =>
      change(
        `delete template ${id}`,
        () => void (world.templates = world.templates.filter((each) => each.id !== id)),
      ),
    async readEndpoint() {
      world.before()
      return isLost() ? fail(providerError('unreachable')) : ok(world.endpoint)
    },
    async setMinimumToZero(id) {
      const answer = await change(
        `minimum of ${id}`,
        () => (world.endpoint = { ...world.endpoint, minWorkers: 0 }),
      )
      return answer.ok ? ok(world.endpoint) : answer
    },
    async readPodConfiguration() {
      world.before()
      return isLost() ? fail(providerError('unreachable')) : ok(world.configuration)
    },
    updatePod: (id, changes) =>
      change(`edit ${id} ${Object.keys(changes).join()}`, () => {
        const { name = world.pod.name, isLocked = world.pod.isLocked, ...others } = changes
        world.pod = { ...world.pod, name, isLocked }
        world.configuration = { ...world.configuration, ...others, name }
        return world.pod
      }),
  }
  const context = createAccountContext({
    provider,
    clock,
    auditLog: {
      record(entry) {
        if (log.isFull) return fail('the disk is full')
        entries.push(entry)
        return ok(undefined)
      },
    },
  })
  const changes = createAccountChanges(context, {
    fleet: {
      pods: () => options.listedPods ?? [world.pod],
      pod: (podId) => (podId === world.pod.id ? world.pod : null),
      listedAtMs: () => START_MS,
      isListPartial: () => options.arePodsKnown === false,
      stampRequest: (at) => ({ order: 1, at }),
    },
    intentRunner: { podsWithOpenIntent: () => (world.hasOpenIntent ? [world.pod.id] : []) },
    onReply: () => {},
    onMinimumZero: (id, earlierMinimum) => void zeroed.push(`${id} ${earlierMinimum}`),
    expectVolumes: () => (answer) => void (answer.ok && listed.push(answer.value)),
    addNotice: (_id, text) => void notices.push(text),
    onChange: () => {},
  })
  return { changes, provider, clock, entries, notices, sent, listed, zeroed, log, world }
}

/** Waits for an answer while time passes. */
export async function answerOf<T>(
  answer: Promise<T>,
  { clock }: Pick<ReturnType<typeof createChangeWorld>, 'clock'>,
): Promise<T> {
  let isDone = false
  void answer.finally(() => (isDone = true))
  for (let step = 0; step < 40 && !isDone; step += 1) await clock.advanceAsync(1_000)
  return answer
}
