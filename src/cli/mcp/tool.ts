import type { GenericSchema, InferOutput } from 'valibot'
import type { ApiCaller } from '../../core/pods-api/api-caller'
import type { PodDetails } from '../../core/pods-api/account-details'
import type { ApiAccess } from '../serve/api-access'
import type { Holder } from '../serve/holder'
import { documentIdOf, type ReadAccount, type ServedAccount } from '../serve/served-account'
import type { ConfirmTokens } from './confirm-tokens'
import { mcpText } from './mcp-text'
import { bounded } from './untrusted-text'

/** What tools work with. */
export interface ToolContext {
  readonly access: ApiAccess
  readonly holder: Holder
  readonly caller: ApiCaller
  readonly accounts: () => readonly ServedAccount[]
  readonly confirmTokens: ConfirmTokens
  readonly nowMs: () => number
  readonly readLog: (account: ServedAccount, podId: string, lines: number) => Promise<readonly string[]>
}

/** A tool could not do what it was asked. `message`: a sentence that says what to do. */
export class ToolProblem extends Error {}

export interface Tool {
  readonly name: string
  readonly title: string
  readonly description: string
  /** False: it is only offered where the agent may write. */
  readonly isReadOnly: boolean
  /** What it does can't be taken back. */
  readonly isDestructive?: true
  readonly isIdempotent: boolean
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

export interface FoundPod extends ReadAccount {
  readonly pod: PodDetails
}

/** The accounts that could be read. Throws where none could. */
export async function readAccounts(
  { access, caller }: ToolContext,
  account: string | undefined,
): Promise<readonly ReadAccount[]> {
  const { read, unread } = await access.readAll(caller)
  const asked = account?.trim().toLowerCase()
  const found = read.filter(
    ({ account: { id, name, slug } }) =>
      asked === undefined || [id, name.toLowerCase(), slug].includes(asked),
  )
  if (found.length > 0) return found
  const [why] = unread.values()
  if (why !== undefined) throw new ToolProblem(mcpText.notRead(why))
  throw new ToolProblem(mcpText.noAccount(read.map(({ account: { name } }) => bounded(name))))
}

/** The one pod that is called so, by name or id. Throws where there is none, or several. */
export async function findPod(context: ToolContext, query: string): Promise<FoundPod> {
  const accounts = await readAccounts(context, undefined)
  const pods = accounts.flatMap((read) => read.details.pods.map((pod) => ({ ...read, pod })))
  const typed = query.trim()
  const byId = pods.filter(({ account, pod }) => pod.id === typed || documentIdOf(account, pod) === typed)
  const found = byId.length > 0 ? byId : pods.filter(({ pod }) => pod.name === typed)
  const [first, ...others] = found
  if (first !== undefined && others.length === 0) return first
  const ids = found.map(({ account, pod }) => documentIdOf(account, pod))
  throw new ToolProblem(first === undefined ? mcpText.noPod(bounded(typed)) : mcpText.severalPods(ids))
}
