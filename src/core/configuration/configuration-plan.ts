import type { Channel, ChannelChanges } from '../channels/channel'
import type { ApiToken, TokenRights } from '../pods-api/api-token'
import type { AccountRules } from '../pod-rules/pod-rules'
import type { AccountId } from '../pods/pod'
import type { Settings } from '../settings/settings'
import type { ConfigChange } from './config-change'
import type { ChannelEntry, Configuration } from './configuration'

/** What a file of configuration is compared with. */
export interface CurrentConfiguration {
  readonly settings: Settings
  readonly accounts: readonly {
    readonly id: AccountId
    readonly name: string
    readonly rules: AccountRules
    /** The server that keeps it: its rules are none of this configuration. Absent: this computer does. */
    readonly keptBy?: string | undefined
  }[]
  readonly channels: readonly Channel[]
  readonly tokens: readonly ApiToken[]
  /** The dead-man's switch without its address. Null: there is none. */
  readonly heartbeat: { readonly host: string; readonly everyMinutes: number } | null
}

/** The address of a channel in the file, as far as it is needed here. */
export interface GivenAddress {
  readonly host: string
  /** Whether the same is kept already. */
  readonly isKept: boolean
}

export interface ConfigurationInput {
  readonly file: Configuration
  readonly current: CurrentConfiguration
  /** By the place of the channel in the file; absent: the file names none. */
  readonly addresses: ReadonlyMap<number, GivenAddress>
  /** Of the dead-man's switch; null: the file names none. */
  readonly heartbeatAddress: GivenAddress | null
  /** Unix ms. */
  readonly nowMs: number
}

/** What is wrong in the file. `path`: where, by the names and places of its fields. */
export interface ConfigurationProblem {
  readonly path: readonly (string | number)[]
  /** A sentence. */
  readonly message: string
}

/** One difference. Null: it isn't there. Never a secret. */
export interface ConfigurationLine {
  readonly name: string
  readonly from: string | null
  readonly to: string | null
}

export type ChannelStep =
  | {
      readonly kind: 'add'
      readonly at: number
      readonly entry: ChannelEntry
      readonly changes: ChannelChanges
    }
  | {
      readonly kind: 'change'
      readonly id: string
      readonly changes: ChannelChanges
      /** The place in the file of the channel whose address replaces the one that is kept; null: none does. */
      readonly addressAt: number | null
    }
  | { readonly kind: 'remove'; readonly id: string }

export type TokenFields = Pick<ApiToken, 'name'> & TokenRights

export type TokenStep =
  /** `expiry`: after so many ms; absent: after the usual time. */
  | { readonly kind: 'add'; readonly fields: TokenFields; readonly expiry?: number | 'never' }
  | { readonly kind: 'change'; readonly id: string; readonly fields: TokenFields }
  /** It expired, and a new one takes its place. */
  | {
      readonly kind: 'renew'
      readonly id: string
      readonly fields: TokenFields
      readonly expiry?: number | 'never'
    }
  | { readonly kind: 'revoke'; readonly id: string; readonly fields: TokenFields }

/** `to`: null removes the dead-man's switch. `isNew`: the address of the file takes the place of the one that is kept. */
export interface HeartbeatStep {
  readonly to: { readonly everyMinutes: number; readonly isNew: boolean } | null
}

export interface ConfigurationPlan {
  readonly lines: readonly ConfigurationLine[]
  readonly config: ConfigChange
  readonly channels: readonly ChannelStep[]
  readonly tokens: readonly TokenStep[]
  readonly heartbeat: HeartbeatStep | null
  /** What would allow automatic stops to lose data that it did not allow before, as clauses. */
  readonly allowedLosses: readonly string[]
}

/** A part of the plan, of one section. */
export interface PlannedSection<T> {
  readonly lines: readonly ConfigurationLine[]
  readonly problems: readonly ConfigurationProblem[]
  readonly steps: T
}

/** Difference of two values as they are shown; none where they are equal. */
export function lineOf(name: string, from: unknown, to: unknown): readonly ConfigurationLine[] {
  const text = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value))
  return text(from) === text(to) ? [] : [{ name, from: text(from), to: text(to) }]
}

/** The problems of entries whose names occur before, whatever their case. */
export function repeatedNames(
  path: readonly (string | number)[],
  entries: readonly { readonly name: string }[],
): readonly ConfigurationProblem[] {
  const names = entries.map(({ name }) => comparableName(name))
  return names.flatMap((name, index) =>
    names.indexOf(name) === index
      ? []
      : [
          {
            path: [...path, index, 'name'],
            message: `There is another “${entries[index]?.name}” before it.`,
          },
        ],
  )
}

export const comparableName = (name: string): string => name.normalize('NFKC').trim().toLowerCase()
