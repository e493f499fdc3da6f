import { fail, ok, type Result } from '../base/result'
import { type Configuration, type OnlySection, onlySections } from './configuration'
import {
  type ConfigurationInput,
  type ConfigurationPlan,
  type ConfigurationProblem,
  type HeartbeatStep,
  lineOf,
  type PlannedSection,
} from './configuration-plan'
import { planAccounts } from './plan-accounts'
import { planChannels } from './plan-channels'
import { planSettings } from './plan-settings'
import { planTokens } from './plan-tokens'

const DEFAULT_EVERY_MINUTES = 5

/** What the file says of the dead-man's switch. Its address is shown nowhere, only the host. */
function planHeartbeat({
  file: { heartbeat },
  current,
  heartbeatAddress: given,
}: ConfigurationInput): PlannedSection<HeartbeatStep | null> {
  const before = current.heartbeat
  const unchanged = { lines: [], problems: [], steps: null }
  if (heartbeat === undefined) return unchanged
  if (heartbeat === null) {
    if (before === null) return unchanged
    return { lines: lineOf('heartbeat', `at ${before.host}`, undefined), problems: [], steps: { to: null } }
  }
  if (given === null && before === null)
    return {
      ...unchanged,
      problems: [{ path: ['heartbeat'], message: 'A new dead-man’s switch needs an address.' }],
    }
  const everyMinutes = heartbeat.everyMinutes ?? before?.everyMinutes ?? DEFAULT_EVERY_MINUTES
  const isNew = given !== null && !given.isKept
  const lines = [
    ...(isNew
      ? [
          {
            name: 'heartbeat.address',
            from: before === null ? null : `at ${before.host}`,
            to: `${before === null ? '' : 'new, '}at ${given.host}`,
          },
        ]
      : []),
    ...lineOf('heartbeat.everyMinutes', before?.everyMinutes, everyMinutes),
  ]
  return { lines, problems: [], steps: lines.length === 0 ? null : { to: { everyMinutes, isNew } } }
}

/**
 * What has to change so that all that the file says is so. A file with any problem is refused as a whole. See
 * docs/product-rules.md#124-configuration-file.
 */
export function planConfiguration(
  input: ConfigurationInput,
): Result<ConfigurationPlan, readonly ConfigurationProblem[]> {
  const isOnly = (section: OnlySection): boolean => input.file.only?.includes(section) === true
  const settings = planSettings(input, isOnly('settings'))
  const accounts = planAccounts(input, settings.steps.after, isOnly('rules'))
  const channels = planChannels(input, isOnly('channels'))
  const tokens = planTokens(input, isOnly('tokens'))
  const heartbeat = planHeartbeat(input)
  const parts = [settings, accounts, channels, tokens, heartbeat]
  const problems = [...missingSections(input.file), ...parts.flatMap((part) => part.problems)]
  if (problems.length > 0) return fail(problems)
  return ok({
    lines: parts.flatMap(({ lines }) => lines),
    config: { ...settings.steps.change, accounts: accounts.steps.changes },
    channels: channels.steps,
    tokens: tokens.steps,
    heartbeat: heartbeat.steps,
    allowedLosses: accounts.steps.allowedLosses,
  })
}

/** To remove all that a section has, the file has to say that it is empty. */
function missingSections({ only = [], ...file }: Configuration): readonly ConfigurationProblem[] {
  return onlySections.flatMap((section) => {
    const field = section === 'rules' ? 'accounts' : section
    if (!only.includes(section) || file[field] !== undefined) return []
    return [{ path: ['only'], message: `It names ${section}, but the file has no ${field}.` }]
  })
}
