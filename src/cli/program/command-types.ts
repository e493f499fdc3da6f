import type { AuditKind, AuditTone } from '../../core/audit-log/audit-log'
import type { ProviderKind } from '../../core/settings/account-record'
import type { UsageDetail } from '../../core/history/usage'
import type { CostsBy } from '../../core/money/costs/costs-table'
import type { TemplateSource } from '../../core/pods/catalog'
import type { LogSource } from '../../core/pods/pod-logs'
import type { TokenRole } from '../../core/pods-api/api-token'
import type { IntentAction } from '../../core/intents/intent'
import type {
  AccountsVerb,
  AutoStopName,
  GuardValue,
  GuardVerb,
  KeepName,
  RulesVerb,
  SettingsVerb,
  ShellName,
} from '../commands/arguments'
import type { CreatePodChoices } from '../commands/create/create-options'
import type { EditChoices } from '../commands/control/edit'
import type { ChannelCommand } from '../commands/channel/channel'
import type { ExportChoices } from '../commands/queue/export-jobs'
import type { QueueCommand } from '../commands/queue/queue'

export interface GlobalOptions {
  readonly baseUrl?: string
  /** Only accounts of this one, and what `baseUrl` is for. */
  readonly provider?: ProviderKind
  readonly dataDir?: string
  /** A name or an id. */
  readonly account?: string
  /** For a lab: use routes that Hubify has announced, whatever is stored. */
  readonly announcedRoutes?: boolean
  readonly color: boolean
}

export type LoginOptions = GlobalOptions & {
  name?: string
  sameAccount?: true
  otherAccount?: true
  /** Of Hubify: these labs of the key; all unless given. */
  lab?: readonly string[]
  /** The served API that keeps the account from now on. */
  server?: string
  ca?: string
}

export type LogFormat = 'text' | 'json'

/** Clients whose configuration can be printed. */
export const mcpClients = ['claude-desktop', 'claude-code', 'cursor', 'vscode', 'codex'] as const
export type McpClient = (typeof mcpClients)[number]

export const tokenRoleNames = [
  'see',
  'operate',
  'spend',
  'administer',
] as const satisfies readonly TokenRole[]
export const tokenVerbs = ['create', 'list', 'rotate', 'revoke'] as const
export type TokenVerb = (typeof tokenVerbs)[number]

/** A command about the queue, as it was typed. */
export type QueueRequest =
  | ({ readonly verb: 'export' } & ExportChoices)
  | Exclude<QueueCommand, { readonly verb: 'add' | 'auto' }>
  | Omit<Extract<QueueCommand, { readonly verb: 'add' }>, 'lines' | 'accountId'>
  | Omit<Extract<QueueCommand, { readonly verb: 'auto' }>, 'accountId'>

/** The commands. Each resolves with its exit code or rejects with a `CliExit`. */
export interface Commands {
  readonly status: (options: GlobalOptions & { json?: true }) => Promise<number>
  /** `writeLine`: prints the lines of `log` in place of stdout. `ending`: ends it, like a signal. */
  readonly watch: (
    options: GlobalOptions & {
      log?: LogFormat
      orDemo?: true
      writeLine?: (line: string) => void
      ending?: AbortSignal
    },
  ) => Promise<number>
  readonly demo: (options: GlobalOptions & { log?: LogFormat }) => Promise<number>
  readonly act: (
    action: IntentAction,
    pod: string,
    options: GlobalOptions & {
      yes?: true
      wait: boolean
      json?: true
      whenFree?: true
      directly?: true
      confirmName?: string
    },
  ) => Promise<number>
  readonly create: (
    account: string | undefined,
    options: GlobalOptions & CreatePodChoices & { yes?: true; json?: true; dryRun?: true; wait?: true },
  ) => Promise<number>
  readonly rebuild: (
    pod: string,
    options: GlobalOptions & CreatePodChoices & { yes?: true; json?: true; dryRun?: true; wait?: true },
  ) => Promise<number>
  readonly edit: (
    pod: string,
    options: GlobalOptions &
      EditChoices & { env?: readonly string[]; envFile?: string; yes?: true; json?: true; dryRun?: true },
  ) => Promise<number>
  readonly gpus: (
    options: GlobalOptions & {
      available?: true
      count?: number
      cloud?: 'secure' | 'community'
      json?: true
    },
  ) => Promise<number>
  readonly templates: (options: GlobalOptions & { source?: TemplateSource; json?: true }) => Promise<number>
  readonly volumes: (
    verb: string,
    volume: string | undefined,
    value: string | undefined,
    options: GlobalOptions & {
      dataCenter?: string
      highPerformance?: true
      confirmName?: string
      yes?: true
      json?: true
    },
  ) => Promise<number>
  readonly endpoints: (
    verb: string,
    endpoint: string | undefined,
    options: GlobalOptions & { yes?: true; json?: true },
  ) => Promise<number>
  readonly keep: (pod: string, choice: KeepName, options: GlobalOptions & { json?: true }) => Promise<number>
  readonly guard: (
    verb: GuardVerb,
    pod: string,
    value: GuardValue,
    options: GlobalOptions & { reportOnly?: true; yes?: true; json?: true },
  ) => Promise<number>
  readonly rules: (
    pod: string,
    verb: RulesVerb,
    assignments: readonly string[],
    options: GlobalOptions & { json?: true; confirmName?: string; allowDataLoss?: true },
  ) => Promise<number>
  readonly autoStop: (
    mode: AutoStopName | undefined,
    options: GlobalOptions & { json?: true },
  ) => Promise<number>
  readonly settings: (
    verb: SettingsVerb,
    name: string | undefined,
    value: string | undefined,
    options: GlobalOptions & { json?: true },
  ) => Promise<number>
  readonly apply: (
    file: string,
    options: GlobalOptions & { check?: true; diff?: true; allowDataLoss?: true; json?: true },
  ) => Promise<number>
  readonly export: (options: GlobalOptions) => Promise<number>
  readonly backup: (file: string, options: GlobalOptions & { withSecrets?: true }) => Promise<number>
  readonly restore: (file: string, options: GlobalOptions & { yes?: true }) => Promise<number>
  readonly lab: (
    verb: string,
    name: string | undefined,
    value: string | undefined,
    options: GlobalOptions & { json?: true },
  ) => Promise<number>
  /** What waits in the labs' own queues. */
  readonly labQueue: (options: GlobalOptions & { json?: true }) => Promise<number>
  readonly queue: (request: QueueRequest, options: GlobalOptions & { json?: true }) => Promise<number>
  readonly channel: (request: ChannelCommand, options: GlobalOptions & { json?: true }) => Promise<number>
  readonly trust: (
    pod: string,
    options: GlobalOptions & { json?: true; fingerprint?: string },
  ) => Promise<number>
  readonly next: (options: GlobalOptions & { json?: true }) => Promise<number>
  readonly doctor: (
    options: GlobalOptions & { quick?: true; json?: true; record?: string },
  ) => Promise<number>
  readonly look: (pod: string, options: GlobalOptions & { json?: true }) => Promise<number>
  readonly disk: (pod: string, options: GlobalOptions & { json?: true; folders?: string }) => Promise<number>
  readonly logs: (
    pod: string,
    options: GlobalOptions & {
      follow?: true
      tail: number
      source?: LogSource
      /** Unix ms by the present time. */
      since?: (nowMs: number) => number
      json?: true
    },
  ) => Promise<number>
  readonly cp: (
    paths: readonly string[],
    options: GlobalOptions & { resume: boolean; maxSize?: number; json?: true },
  ) => Promise<number>
  readonly ls: (path: string, options: GlobalOptions & { json?: true }) => Promise<number>
  readonly forward: (
    pod: string,
    ports: readonly string[],
    options: GlobalOptions & { list?: true; forget?: true; json?: true },
  ) => Promise<number>
  readonly open: (
    pod: string,
    options: GlobalOptions & { with?: string; folder?: string; yes?: true },
  ) => Promise<number>
  readonly sshConfig: (
    options: GlobalOptions & { write?: true; remove?: true; yes?: true },
  ) => Promise<number>
  readonly cleanUp: (options: GlobalOptions & { json?: true }) => Promise<number>
  readonly costs: (
    options: GlobalOptions & { month?: string; by: CostsBy; json?: true; csv?: true },
  ) => Promise<number>
  readonly history: (
    pod: string,
    options: GlobalOptions & { since: number; by?: UsageDetail; json?: true; csv?: true },
  ) => Promise<number>
  readonly activity: (
    options: GlobalOptions & {
      pod?: string
      kind?: AuditKind
      outcome?: AuditTone
      since?: (nowMs: number) => number
      search?: string
      lines: number
      json?: true
      csv?: true
    },
  ) => Promise<number>
  readonly accounts: (
    verb: AccountsVerb,
    first: string | undefined,
    second: string | undefined,
    options: LoginOptions & { json?: true },
  ) => Promise<number>
  readonly login: (options: LoginOptions) => Promise<number>
  readonly logout: (options: GlobalOptions & { server?: true }) => Promise<number>
  readonly serve: (
    options: GlobalOptions & {
      port?: number
      socket?: string
      bind?: string
      tlsCert?: string
      tlsKey?: string
      allowHost?: readonly string[]
      behindProxy?: true
      log?: LogFormat
    },
  ) => Promise<number>
  readonly health: (options: GlobalOptions & { json?: true; api?: URL }) => Promise<number>
  readonly token: (
    verb: TokenVerb,
    name: string | undefined,
    options: GlobalOptions & {
      scope?: readonly string[]
      role?: TokenRole
      pods?: readonly string[]
      maxHourly?: string
      expires?: string
      overlap?: string
      replace?: true
      json?: true
    },
  ) => Promise<number>
  readonly mcp: (
    options: GlobalOptions & {
      write?: true
      maxHourly?: string
      maxTotal?: string
      allowJob?: readonly string[]
      name?: string
      printConfig?: McpClient
    },
  ) => Promise<number>
  /** Answers what agents ask for. */
  readonly approve: (options: GlobalOptions) => Promise<number>
  readonly completions: (shell: ShellName) => Promise<number>
}
