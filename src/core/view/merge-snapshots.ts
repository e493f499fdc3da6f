import type { CreateView } from '../creation/create-view'
import type { AccountGuardView } from '../guard/guard-view'
import { approximatePart } from '../money/ledger/amounts'
import { mergeMoney } from '../money/merge-money'
import type { Budgets } from '../money/money-view'
import { isOfProgram, type ObstacleView } from '../obstacles/obstacle'
import { type AccountId, parsePodKey, type PodKey } from '../pods/pod'
import type { ConnectionView } from '../polling/connection'
import { type AccountEntry, type AccountPart, emptySnapshot, type PodView, type Snapshot } from './snapshot'

/** One account with its snapshot. */
export interface AccountSnapshot {
  readonly entry: AccountEntry
  readonly snapshot: Snapshot
}

/**
 * Several accounts as one: all pods, and sums of what can be added. Balances and rules are never added; see
 * `AccountPart`. `budgets` are those of all accounts together.
 */
export function mergeSnapshots(
  accountSnapshots: readonly AccountSnapshot[],
  budgets: Budgets,
  nowMs: number,
): Snapshot {
  const pods = shownPods(accountSnapshots)
  const shownKeys = new Set(pods.map(({ key }) => key))
  const accounts = accountSnapshots.map((account) => toPart(account, shownKeys))
  const [first] = accountSnapshots
  if (first === undefined) return emptySnapshot(nowMs, [])
  if (accountSnapshots.length === 1) return { ...first.snapshot, accounts }
  return {
    ...emptySnapshot(nowMs, []),
    account: null,
    accounts,
    pods,
    gonePods: accountSnapshots.flatMap(({ snapshot }) => snapshot.gonePods),
    ...createsOf(accountSnapshots.flatMap(({ snapshot }) => snapshot.creates ?? [])),
    ...sums(
      accounts.filter(({ entry }) => !entry.isPaused),
      budgets,
      nowMs,
    ),
  }
}

/**
 * A pod that two accounts show is shown once, as long as the other account really shows it. Where one account has not
 * noticed yet that the other one takes over, it is the pod of the cloud.
 */
function shownPods(accountSnapshots: readonly AccountSnapshot[]): readonly PodView[] {
  const pods = accountSnapshots.flatMap(({ snapshot }) => snapshot.pods)
  const byKey = new Map(pods.map((pod) => [pod.key, pod]))
  return pods.filter(({ key, shownAs, managed }) => {
    const other = shownAs === undefined ? undefined : byKey.get(shownAs)
    return other === undefined || (other.shownAs === key && managed === undefined)
  })
}

const createsOf = (creates: readonly CreateView[]): Pick<Snapshot, 'creates'> =>
  creates.length === 0 ? {} : { creates }

/** The part of `snapshot` that is about one account; all of it for null, and for an account that it doesn't have. */
export function showAccount(snapshot: Snapshot, accountId: AccountId | null): Snapshot {
  const part = snapshot.accounts.find(({ entry }) => entry.id === accountId)
  if (part === undefined || snapshot.accounts.length === 1) return snapshot
  const { entry: _entry, shownBy: _shownBy, ...own } = part
  return {
    ...snapshot,
    ...own,
    pods: snapshot.pods.filter(({ accountId: id, labKey }) => id === accountId || isOfLab(labKey, accountId)),
    gonePods: snapshot.gonePods.filter((pod) => pod.accountId === accountId),
    ...(snapshot.creates && { creates: snapshot.creates.filter((create) => create.accountId === accountId) }),
    notices: snapshot.notices.filter((notice) => notice.accountId === null || notice.accountId === accountId),
  }
}

const isOfLab = (labKey: PodKey | undefined, accountId: AccountId | null): boolean =>
  labKey !== undefined && parsePodKey(labKey).accountId === accountId

function toPart({ entry, snapshot }: AccountSnapshot, shownKeys: ReadonlySet<PodKey>): AccountPart {
  const { account, connection, listedAtMs, isListPartial, burn, money, balance, idleCount, runwayMs } =
    snapshot
  const { guard, obstacles, quota, lab, volumes, endpoints } = snapshot
  const shownBy = snapshot.pods.flatMap(({ key, shownAs }) =>
    shownAs === undefined || shownKeys.has(key) ? [] : [parsePodKey(shownAs).accountId],
  )
  return {
    entry,
    account,
    connection,
    listedAtMs,
    isListPartial,
    burn,
    money,
    balance,
    idleCount,
    runwayMs,
    guard,
    obstacles,
    quota,
    ...(lab && { lab }),
    ...(volumes && { volumes }),
    ...(endpoints && { endpoints }),
    ...(shownBy.length > 0 && { shownBy: [...new Set(shownBy)] }),
  }
}

function sums(parts: readonly AccountPart[], budgets: Budgets, nowMs: number): Partial<Snapshot> {
  const listed = parts.flatMap(({ listedAtMs }) => (listedAtMs === null ? [] : [listedAtMs]))
  const runways = parts.flatMap(({ runwayMs }) => (runwayMs === null ? [] : [runwayMs]))
  return {
    connection: mergeConnections(parts),
    listedAtMs: listed.length === 0 ? null : Math.min(...listed),
    isListPartial: parts.some(({ isListPartial }) => isListPartial),
    burn: {
      perHourUsd: parts.reduce((sum, { burn }) => sum + burn.perHourUsd, 0),
      // Nothing is known yet of an account that was never listed.
      isAtLeast: parts.some(({ burn, listedAtMs }) => burn.isAtLeast || listedAtMs === null),
      ...approximatePart(parts.some(({ burn }) => burn.isApproximate === true)),
    },
    money: mergeMoney(
      parts.map(({ money }) => money),
      budgets,
      nowMs,
    ),
    idleCount: parts.reduce((sum, { idleCount }) => sum + idleCount, 0),
    runwayMs: runways.length === 0 ? null : Math.min(...runways),
    guard: mergeGuards(parts.map(({ guard }) => guard)),
    obstacles: mergeObstacles(parts),
  }
}

/** What is the same for all accounts is said once. */
function mergeObstacles(parts: readonly AccountPart[]): readonly ObstacleView[] {
  const all = parts.flatMap(({ obstacles }) => obstacles)
  return all.filter((one) => !isOfProgram(one) || one === all.find(({ code }) => code === one.code))
}

/** What holds for all if it holds for one comes first: one account that is offline doesn't make the others so. */
const connectionOrder: readonly ConnectionView['kind'][] = [
  'live',
  'connecting',
  'rate-limited',
  'unreadable',
  'offline',
  'key-doubted',
  'forbidden',
  'key-refused',
  'no-account',
]

function mergeConnections(parts: readonly AccountPart[]): ConnectionView {
  const place = ({ connection }: AccountPart): number => connectionOrder.indexOf(connection.kind)
  const [best] = [...parts].sort((a, b) => place(a) - place(b))
  if (best === undefined) return { kind: 'no-account' }
  if (best.connection.kind !== 'live') return best.connection
  const slowed = parts.flatMap(({ connection }) =>
    connection.kind === 'live' && connection.slowedToMs !== undefined ? [connection.slowedToMs] : [],
  )
  return slowed.length === 0 ? { kind: 'live' } : { kind: 'live', slowedToMs: Math.max(...slowed) }
}

function mergeGuards(guards: readonly AccountGuardView[]): AccountGuardView {
  const [mode = 'undecided', ...otherModes] = new Set(guards.map(({ autoStop }) => autoStop))
  return {
    autoStop: otherModes.length === 0 ? mode : 'ticked',
    areAutoStopsPaused: guards.some(({ areAutoStopsPaused }) => areAutoStopsPaused),
    isDryRun: guards.some(({ isDryRun }) => isDryRun),
  }
}
