import type { Result } from '../base/result'
import type { Instant } from '../base/time/time'
import type { IntentContext } from '../intents/intent-runner'
import type { Pod, PodId } from '../pods/pod'
import type { Environment } from '../pods/pod-request'
import type { ProviderError, RequestStamp } from '../pods/provider'
import type { CreateIntent, CreateJournal, CreateRules } from './create-intent'
import type { ObservedList } from './create-observation'
import type { CreateCandidate, CreatePlan, NewPodRules } from './create-plan'
import type { LateCheck } from './late-check'
import type { CreateSender } from './send-create'

/** What an account creates pods with. Ids are unique across runs. */
export interface CreateContext extends Pick<IntentContext, 'accountId' | 'clock' | 'newId' | 'random'> {
  readonly provider: CreateSender
}

/** Where creates are kept. */
export interface CreateStore {
  readonly journal: CreateJournal
  /** Creates of this account from earlier runs, as the journal has them, oldest first. */
  readonly earlier: readonly CreateIntent[]
}

export interface CreateRunnerOptions {
  readonly rules: () => CreateRules
  readonly listedPods: () => readonly Pod[]
  /** Why money does not allow the first choice, as a sentence; null: it does. */
  readonly spendingProblem: (plan: CreatePlan) => string | null
  /** Looks at price and money again, for a create that nobody watches. */
  readonly checkLate: (plan: CreatePlan, candidate: CreateCandidate) => Promise<LateCheck>
  /** Asks for a list of pods soon. */
  readonly requestPoll: () => void
  /** Sets the rules of a new pod, which is listed; the error is a sentence. */
  readonly setRules: (podId: PodId, rules: NewPodRules) => Result<void, string>
  readonly stampRequest: (at: Instant) => RequestStamp
  /** Called with the reply to a create, and its pod if the reply includes it. */
  readonly onReply: (reply: Result<Pod | null, ProviderError>, request: RequestStamp) => void
  readonly onChange: (create: CreateIntent) => void
}

/** Runs creates from the request to their end. */
export interface CreateRunner {
  /** `environment` has the values of all variables of the plan. When this returns ok, the request is on disk. */
  create(plan: CreatePlan, environment: Environment, isFromCommandLine: boolean): Result<CreateIntent, string>
  undo(id: string): Result<void, string>
  /**
   * Writes down that terminal tabs move to the pod of this create; ok means that they may, and never again. `value`:
   * the names of those that an earlier run of the program had; null: they are the ones that are open now.
   */
  claimTabs(id: string): Result<readonly (string | null)[] | null, string>
  /** All known creates, oldest first. */
  creates(): readonly CreateIntent[]
  observe(list: ObservedList): void
  /** Whether a request was sent whose pod is not seen yet, or will be sent within seconds. */
  hasActive(): boolean
  start(): void
  /** Resumes creates of another process that acted until now. */
  adopt(creates: readonly CreateIntent[]): void
  resume(): void
  shutDown(): Promise<void>
  dispose(): void
}
