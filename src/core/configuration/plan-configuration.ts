import { fail, ok, type Result } from '../base/result'
import { type Configuration, type OnlySection, onlySections } from './configuration'
import type { ConfigurationInput, ConfigurationPlan, ConfigurationProblem } from './configuration-plan'
import { planAccounts } from './plan-accounts'
import { planChannels } from './plan-channels'
import { planHeartbeat } from './plan-heartbeat'
import { planSettings } from './plan-settings'
import { planTokens } from './plan-tokens'

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
