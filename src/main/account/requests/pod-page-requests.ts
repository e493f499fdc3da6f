import { type Ask, askWhether } from '../../../core/confirmation/question-queue'
import { podPageQuestion } from '../../../core/confirmation/reach-questions'
import { MAX_READ_MS, tableOfRows, tableOfSamples } from '../../../core/history/usage-table'
import { fail, ok } from '../../../core/base/result'
import { MINUTE_MS } from '../../../core/base/time/time'
import { type AccountId, parsePodKey, type Pod, type PodKey, podNotListedText } from '../../../core/pods/pod'
import type { PodConfiguration } from '../../../core/pods/pod-request'
import { partOf } from '../../../core/view/snapshot'
import { sshCommand, sshConfigEntry } from '../../../core/terminal/ssh-text'
import type { UsageHistories } from '../../../node/usage-histories'
import type { HandlersOf } from '../../../shared/ipc'
import type { PodPageRequests } from '../../../shared/requests/pod/pod-page-requests'
import type { AccountSession } from '../account-session-types'
import { requestsText } from '../account-text'

export interface PodPageOptions {
  readonly session: Pick<AccountSession, 'monitor' | 'provider' | 'snapshot' | 'withPod'>
  readonly usageHistories: Pick<UsageHistories, 'reader'>
  readonly ask: Ask
  /** What a person calls the account; null where there is only one. */
  readonly nameOf: (accountId: AccountId) => string | null
  readonly openInBrowser: (address: string) => Promise<void>
  readonly nowMs: () => number
}

/** A set-up is read again after this time, and once this many are known. */
const KNOWN_FOR_MS = MINUTE_MS
const MAX_KNOWN = 50

type SetUp = Pick<PodConfiguration, 'image' | 'ports'>

interface KnownSetUp {
  readonly setUp: Promise<SetUp | null>
  readonly readAtMs: number
  /** The run of the pod that it was read in. An edit begins another one. */
  readonly run: string
}

/** Requests of the page of a pod. See docs/product-rules.md#10-pod-page-history-logs. */
export function createPodPage(options: PodPageOptions): HandlersOf<PodPageRequests> {
  const { session, usageHistories, ask, openInBrowser, nowMs } = options
  const agreedAddresses = new Set<string>()
  const setUps = new Map<PodKey, KnownSetUp>()

  function find(podKey: PodKey): Pod | null {
    const { accountId, podId } = parsePodKey(podKey)
    return (
      session
        .monitor(accountId)
        ?.accountPods()
        .pods.find(({ id }) => id === podId) ?? null
    )
  }

  async function setUpOf(podKey: PodKey, { phase, startedAtMs }: Pod): Promise<SetUp | null> {
    const run = `${phase} ${startedAtMs}`
    const known = setUps.get(podKey)
    if (known?.run === run && Math.abs(nowMs() - known.readAtMs) < KNOWN_FOR_MS) return known.setUp
    if (setUps.size >= MAX_KNOWN) setUps.clear()
    const asked = { setUp: readSetUp(podKey), readAtMs: nowMs(), run }
    setUps.set(podKey, asked)
    const setUp = await asked.setUp
    if (setUp === null && setUps.get(podKey) === asked) setUps.delete(podKey)
    return setUp
  }

  /** Without its environment, which never enters a window. */
  async function readSetUp(podKey: PodKey): Promise<SetUp | null> {
    const { accountId, podId } = parsePodKey(podKey)
    const read = await session.provider(accountId)?.readPodConfiguration?.(podId)
    return read?.ok === true ? { image: read.value.image, ports: read.value.ports } : null
  }

  return {
    async podUsage(podKey, fromMs, toMs, detail) {
      const { accountId, podId } = parsePodKey(podKey)
      if (partOf(session.snapshot(), accountId) === undefined) return fail(requestsText.accountUnknown)
      if (!(toMs > fromMs) || toMs - fromMs > MAX_READ_MS[detail]) return fail(requestsText.rangeTooLong)
      const history = usageHistories.reader(accountId)
      return ok(
        detail === 'sample'
          ? tableOfSamples(await history.samples(podId, fromMs, toMs), fromMs, toMs)
          : tableOfRows(await history.rows(podId, fromMs, toMs, detail), detail, fromMs, toMs),
      )
    },
    async podDetails(podKey) {
      const pod = find(podKey)
      if (pod === null) return fail(podNotListedText)
      const setUp = await setUpOf(podKey, pod)
      const endpoint = pod.phase === 'running' ? (pod.ssh.direct ?? pod.ssh.proxy) : null
      const { vcpuCount, cloud, containerDiskGb, persistentMount, networkMounts, areMountsKnown } = pod
      return ok({
        vcpuCount,
        cloud,
        containerDiskGb,
        persistentMount,
        networkMounts,
        areMountsKnown,
        sshCommand: endpoint && sshCommand(endpoint),
        sshConfig: endpoint && sshConfigEntry(endpoint, pod.name, pod.id),
        image: setUp?.image ?? null,
        ports: setUp?.ports ?? null,
      })
    },
    podDiskLines(podKey) {
      const { accountId, podId } = parsePodKey(podKey)
      return ok(session.monitor(accountId)?.diskLines(podId) ?? [])
    },
    async readPodDisks(podKey) {
      const { accountId, podId } = parsePodKey(podKey)
      const read = (await session.monitor(accountId)?.readDisks(podId)) ?? fail(podNotListedText)
      return read.ok ? ok(undefined) : read
    },
    async measureFolders(podKey, path) {
      const { accountId, podId } = parsePodKey(podKey)
      const measured = await session.monitor(accountId)?.measureFolders(podId, path)
      return measured ?? fail(podNotListedText)
    },
    recognizePod: (podKey) => session.withPod(podKey, (monitor, podId) => monitor.recognizePod(podId)),
    async openPodPort(podKey, port) {
      const pod = find(podKey)
      const ports = pod && (await setUpOf(podKey, pod))?.ports
      if (!pod || ports?.includes(`${port}/http`) !== true) return fail(requestsText.noSuchPort)
      const { accountId, podId } = parsePodKey(podKey)
      const entry = partOf(session.snapshot(), accountId)?.entry
      const isCloudPod = entry !== undefined && !entry.isDemo && entry.provider !== 'hubify'
      if (!isCloudPod || !/^[a-z0-9]{1,64}$/i.test(podId)) return fail(requestsText.runpodOnly)
      const address = `https://${podId}-${port}.proxy.runpod.net/`
      if (!agreedAddresses.has(address)) {
        const named = { id: podId, name: pod.name, accountName: options.nameOf(accountId) }
        const asked = await askWhether(ask, podPageQuestion(named, address))
        if (!asked.ok) return asked
        if (!asked.value) return ok(undefined)
        agreedAddresses.add(address)
      }
      await openInBrowser(address)
      return ok(undefined)
    },
  }
}
