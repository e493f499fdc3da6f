import { plainText } from '../../../core/base/text/plain-text'
import type {
  ConfigurationLine,
  ConfigurationPlan,
  CurrentConfiguration,
} from '../../../core/configuration/configuration-plan'
import { planConfiguration } from '../../../core/configuration/plan-configuration'
import type { ChannelStore } from '../../../node/channels/channel-store'
import type { HeartbeatFile } from '../../../node/data-folder/heartbeat-file'
import type { ApiTokensFile } from '../../../node/pods-api/api-tokens-file'
import type { Control } from '../../account/open-control'
import { CliExit, exitCodes } from '../../output/exit'
import { JSON_VERSION } from '../../output/json'
import type { CliOutput, Keyboard } from '../../output/terminal'
import { promptLine } from '../confirm-by-name'
import { carryOut, type CreatedToken } from './carry-out'
import { configurationText } from './configuration-text'
import { readConfiguration } from './read-configuration'
import { resolveAddresses, resolveHeartbeat } from './resolve-addresses'

export interface ApplyOptions {
  /** For display. */
  readonly path: string
  readonly text: string
  readonly current: CurrentConfiguration
  readonly store: ChannelStore
  readonly tokens: ApiTokensFile
  readonly heartbeat: HeartbeatFile
  readonly env: NodeJS.ProcessEnv
  readonly isCheck: boolean
  readonly isDiff: boolean
  readonly isJson: boolean
  readonly allowsDataLoss: boolean
  /** Null if there is no terminal to type in. */
  readonly keyboard: Keyboard | null
  readonly output: CliOutput
  readonly nowMs: () => number
  /** Of the program that is active, or of this one. Opened only where something is changed. */
  readonly withControl: <T>(run: (control: Control) => Promise<T>) => Promise<T>
}

/**
 * Makes everything so that a file says; returns the exit code. Throws a `CliExit`. See
 * docs/product-rules.md#124-configuration-file.
 */
export async function apply(options: ApplyOptions): Promise<number> {
  const { path, text, current, store, tokens, heartbeat, env, isCheck, isDiff, isJson, output } = options
  const read = readConfiguration(path, text)
  if (!read.ok) throw mistakes(read.error, output)
  const { configuration: file, describe } = read.value
  const resolved = await resolveAddresses(file.channels ?? [], store, env, (line) => output.progress(line))
  const keptHeartbeat = heartbeat.load()
  const kept = keptHeartbeat.ok ? keptHeartbeat.value : null
  const given = resolveHeartbeat(file.heartbeat, kept?.url ?? null, env)
  const planned = planConfiguration({
    file,
    current,
    addresses: resolved.addresses,
    heartbeatAddress: given.address,
    nowMs: options.nowMs(),
  })
  const problems = [...resolved.problems, ...given.problems, ...(planned.ok ? [] : planned.error)]
  if (!planned.ok || problems.length > 0) throw mistakes(describe(problems), output)
  const plan = planned.value
  const isChanged = plan.lines.length > 0
  if (isDiff && !isJson) for (const line of diffLines(plan.lines)) output.result(plainText(line))
  if (!isChanged || isCheck) {
    report(options, plan, false)
    return isChanged ? exitCodes.problemFound : exitCodes.ok
  }
  await askAboutLosses(plan, options)
  const { addresses } = resolved
  const created: CreatedToken[] = []
  try {
    await options.withControl((control) =>
      carryOut(plan, {
        store,
        tokens,
        addresses,
        heartbeat: { file: heartbeat, kept, url: given.address?.url ?? null },
        nowMs: options.nowMs,
        created,
        recordToken: (event, { name, scopes }) => control.requests.recordTokenEvent(event, name, scopes),
        applyConfig: (change) => control.requests.applyConfig(change),
      }),
    )
    report(options, plan, true)
  } finally {
    for (const { name, token } of created) {
      output.progress(configurationText.tokenCreated(name))
      output.result(token)
    }
  }
  return exitCodes.ok
}

function mistakes(lines: readonly string[], output: CliOutput): CliExit {
  for (const line of lines) output.progress(plainText(line))
  return new CliExit(exitCodes.usage, configurationText.invalid(lines.length))
}

const diffLines = (lines: readonly ConfigurationLine[]): readonly string[] =>
  lines.flatMap(({ name, from, to }) => [
    ...(from === null ? [] : [`- ${name}: ${from}`]),
    ...(to === null ? [] : [`+ ${name}: ${to}`]),
  ])

function report(
  { isJson, output }: Pick<ApplyOptions, 'isJson' | 'output'>,
  { lines }: ConfigurationPlan,
  isApplied: boolean,
): void {
  const differences = configurationText.differences(lines.length)
  if (isJson) output.result(JSON.stringify({ version: JSON_VERSION, isApplied, changes: lines }, null, 2))
  else if (lines.length === 0) output.result(configurationText.upToDate)
  else
    output.result(isApplied ? configurationText.applied(differences) : configurationText.checked(differences))
}

/** Asks where the same rule would ask if it was set by hand. */
async function askAboutLosses(
  { allowedLosses }: ConfigurationPlan,
  { allowsDataLoss, keyboard, output }: ApplyOptions,
): Promise<void> {
  if (allowedLosses.length === 0) return
  output.progress(configurationText.losses)
  for (const each of allowedLosses) output.progress(plainText(`  ${each}`))
  if (allowsDataLoss) return
  if (keyboard === null) throw new CliExit(exitCodes.usage, configurationText.lossesNeedOption)
  if ((await promptLine(keyboard, configurationText.askLosses)) !== 'yes')
    throw new CliExit(exitCodes.failed, configurationText.nothingChanged)
}
