import type { GenericSchema, InferOutput } from 'valibot'
import { type ApiCaller, mayAccess } from '../../core/pods-api/api-caller'
import type { ApiPodDetails } from '../../core/pods-api/account-details'
import type { Instant } from '../../core/base/time/time'
import type { StandingLimit } from '../../core/pods-api/access/standing-limit'
import type { Cause } from '../../node/pods-api/tool-hints'
import type { AgentStartsFile } from '../../node/pods-api/agent-starts-file'
import type { ApiAccess } from '../../node/pods-api/accounts/api-access'
import type { Holder } from '../../node/pods-api/accounts/holder'
import { serveText } from '../../node/pods-api/accounts/serve-text'
import {
  documentIdOf,
  findServed,
  type ReadAccount,
  type ServedAccount,
} from '../../node/pods-api/accounts/served-account'
import type { ConfirmTokens } from './confirm-tokens'
import { mcpText } from './mcp-text'
import { bounded, untrustedData } from './untrusted-text'

/** What tools work with. */
export interface ToolContext {
  readonly access: ApiAccess
  readonly holder: Holder
  readonly caller: ApiCaller
  readonly accounts: () => readonly ServedAccount[]
  readonly confirmTokens: ConfirmTokens
  /** What a person lets the agent do without asking. */
  readonly limit: StandingLimit
  readonly starts: AgentStartsFile
  readonly now: () => Instant
  readonly readLog: (account: ServedAccount, podId: string, lines: number) => Promise<readonly string[]>
}

/** A tool could not do what it was asked. `message`: a sentence that says what to do. */
export class ToolProblem extends Error {}

export interface Tool {
  readonly name: string
  readonly title: string
  readonly description: string
  /** What it can cause, as the table of operations says. What doesn't only read is offered where the agent may write. */
  readonly cause: readonly Cause[]
  readonly input: GenericSchema
  /** Replies with text for the agent. Throws a `ToolProblem`. */
  readonly run: (input: unknown, context: ToolContext) => Promise<string>
}

/** A tool whose input has the type of its schema. */
export const tool = <S extends GenericSchema>(
  definition: Omit<Tool, 'input' | 'run'> & {
    readonly input: S
    readonly run: (input: InferOutput<S>, context: ToolContext) => Promise<string>
  },
): Tool => ({ ...definition, run: (input, context) => definition.run(input as InferOutput<S>, context) })

/** What was found, below a sentence of ours. */
export const withData = (heading: string, value: unknown): string =>
  `${heading}\n${mcpText.data}\n${untrustedData(value)}`

/** Services say why they refuse, so that the reason is data. */
export const refusedProblem = (why: string): ToolProblem => new ToolProblem(withData(mcpText.refused, why))

export interface FoundPod extends ReadAccount {
  readonly pod: ApiPodDetails
}

export interface ReadAccounts {
  readonly read: readonly [ReadAccount, ...ReadAccount[]]
  /** Names of the others, of whose pods nothing is known. */
  readonly unread: readonly string[]
}

/** All accounts, or the one that is asked for. Throws where none of them could be read. */
export async function readAccounts(
  { access, accounts, caller }: ToolContext,
  account: string | undefined,
): Promise<ReadAccounts> {
  const own = accounts().filter(({ id }) => mayAccess(caller, id))
  const named = account === undefined ? null : findServed(own, account)
  const asked = account === undefined ? own : own.filter((each) => each === named)
  const names = (of: readonly ServedAccount[]): readonly string[] => of.map(({ name }) => name)
  if (asked.length === 0) throw new ToolProblem(withData(mcpText.noAccount, names(own)))
  const { read, unread } = await access.readAll(caller)
  const [first, ...others] = read.filter(({ account: { id } }) => asked.some((each) => each.id === id))
  const missing = asked.filter(({ id }) => unread.has(id))
  if (first === undefined)
    throw new ToolProblem(mcpText.notRead(unread.get(missing[0]?.id ?? '') ?? serveText.nobody))
  return { read: [first, ...others], unread: names(missing) }
}

/** A list of what was found in accounts, which says where something is missing. */
export const withRows = (heading: string, rows: readonly unknown[], unread: readonly string[]): string =>
  unread.length === 0
    ? withData(heading, rows)
    : withData(`${heading} ${mcpText.someUnread}`, { rows, notRead: unread })

/** The one pod that is called so, by name or id. Throws where there is none, or several. */
export async function findPod(context: ToolContext, query: string): Promise<FoundPod> {
  const { read, unread } = await readAccounts(context, undefined)
  const pods = read.flatMap((each) => each.details.pods.map((pod) => ({ ...each, pod })))
  const typed = query.trim()
  const byId = pods.filter(({ account, pod }) => pod.id === typed || documentIdOf(account, pod) === typed)
  const found = byId.length > 0 ? byId : pods.filter(({ pod }) => pod.name === typed)
  const [first, ...others] = found
  if (first !== undefined && others.length === 0) return first
  if (first === undefined && unread.length > 0)
    throw new ToolProblem(withData(mcpText.noPodYet(bounded(typed)), unread))
  if (first === undefined) throw new ToolProblem(mcpText.noPod(bounded(typed)))
  const ids = found.map(({ account, pod }) => ({ id: documentIdOf(account, pod), account: account.name }))
  throw new ToolProblem(withData(mcpText.severalPods, ids))
}
