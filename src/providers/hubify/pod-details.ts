import type { PodId } from '../../core/pods/pod'
import type { Result } from '../../core/base/result'
import type { ProviderError } from '../../core/pods/provider'
import { SECOND_MS } from '../../core/base/time/time'
import type { LabClient } from './lab-client'
import { parseSsh, podIdOf } from './parse-pod'
import { type Fields, fieldOf, unwrapObject } from './wire-shape'

/** A pod of the latest list that runs. */
export interface RunningPod {
  readonly id: PodId
  readonly fields: Fields
  readonly hasSsh: boolean
}

/** Reads what a list lacks, over announced routes. */
export interface PodDetailsReader {
  /** How many requests `read` sends for so many running pods. */
  expectedRequests(runningCount: number): number
  /** Fields of pods that replace those of the list. Sends a bounded number of requests and never fails. */
  read(running: readonly RunningPod[]): Promise<ReadonlyMap<PodId, Fields>>
  /** The SSH address that was read for this run of the pod, as fields of a pod. */
  sshFieldsOf(id: PodId, fields: Fields): Fields
  /** Another run of the pod may begin, although its start time is not known. */
  forget(id: PodId): void
}

const DETAILS_BUDGET_MS = 10 * SECOND_MS
/** A pod may need a while until its address is known. */
const MAX_SSH_TRIES = 3

interface SshOfRun {
  readonly run: string
  readonly tries: number
  readonly found: Fields | null
}

/** `limit`: the most requests after one list. */
export function createPodDetails(
  client: Pick<LabClient, 'isOffered' | 'getPod' | 'getSsh'>,
  limit: () => number,
): PodDetailsReader {
  let sshOfRuns: ReadonlyMap<PodId, SshOfRun> = new Map()
  /** The order in which pods were read, so that none is left out. */
  let turns: ReadonlyMap<PodId, number> = new Map()
  let turn = 0

  async function readSsh({ id, fields }: RunningPod): Promise<void> {
    const answer = await client.getSsh(id, DETAILS_BUDGET_MS)
    if (isTemporary(answer)) return
    const run = runOf(fields)
    const known = sshOfRuns.get(id)
    const tries = known?.run === run ? known.tries : 0
    const direct = answer.ok ? parseSsh(sshFields(answer.value)).direct : null
    const found = direct === null ? null : { sshHost: direct.host, sshPort: direct.port }
    sshOfRuns = new Map([...sshOfRuns, [id, { run, tries: tries + 1, found }]])
  }

  const readDetail = async ({ id }: RunningPod): Promise<readonly [PodId, Fields] | null> => {
    const answer = await client.getPod(id, DETAILS_BUDGET_MS)
    const fields = answer.ok ? unwrapObject(answer.value, 'pod') : null
    return fields !== null && podIdOf(fields) === id ? [id, fields] : null
  }

  function sshFieldsOf(id: PodId, fields: Fields): Fields {
    const ssh = sshOfRuns.get(id)
    return ssh?.run === runOf(fields) ? (ssh.found ?? {}) : {}
  }

  return {
    sshFieldsOf,
    forget(id) {
      sshOfRuns = new Map([...sshOfRuns].filter(([each]) => each !== id))
    },
    expectedRequests: (runningCount) => (client.isOffered('detail') ? Math.min(limit(), runningCount) : 0),
    async read(running) {
      sshOfRuns = new Map([...sshOfRuns].filter(([id]) => running.some((pod) => pod.id === id)))
      turns = new Map([...turns].filter(([id]) => running.some((pod) => pod.id === id)))
      const needSsh = running.filter(({ id, fields, hasSsh }) => {
        const known = sshOfRuns.get(id)
        const isTried = known?.run === runOf(fields) && (known.found !== null || known.tries >= MAX_SSH_TRIES)
        return client.isOffered('ssh') && !hasSsh && !isTried
      })
      const forSsh = needSsh.slice(0, limit())
      const byTurn = [...running].sort((a, b) => (turns.get(a.id) ?? 0) - (turns.get(b.id) ?? 0))
      const forDetail = client.isOffered('detail') ? byTurn.slice(0, limit() - forSsh.length) : []
      for (const { id } of forDetail) turns = new Map([...turns, [id, (turn += 1)]])
      const [details] = await Promise.all([
        Promise.all(forDetail.map(readDetail)),
        Promise.all(forSsh.map(readSsh)),
      ])
      const found = new Map<PodId, Fields>()
      for (const { id, fields } of running) found.set(id, sshFieldsOf(id, fields))
      for (const [id, fields] of details.filter((detail) => detail !== null))
        found.set(id, { ...found.get(id), ...fields })
      return found
    },
  }
}

/** What distinguishes one run of a pod from the next. */
function runOf(pod: Fields): string {
  const start = fieldOf(pod, ['startedAt', 'createdAt', '_creationTime'])
  return typeof start === 'string' || typeof start === 'number' ? String(start) : ''
}

function sshFields(value: unknown): Fields {
  const reply = unwrapObject(value, 'ssh') ?? {}
  return { ...reply, ssh: reply }
}

const isTemporary = (answer: Result<unknown, ProviderError>): boolean =>
  !answer.ok && ['unreachable', 'unreadable', 'rate-limited', 'gone'].includes(answer.error.kind)
