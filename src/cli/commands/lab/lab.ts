import { plainText } from '../../../core/base/text/plain-text'
import type { LabSettings, QueuedExperiment } from '../../../core/pods/provider'
import type { CliAccount } from '../../account/account'
import type { CommandRun } from '../../output/command-run'
import { CliExit, exitCodes } from '../../output/exit'
import { accountJson, iso, JSON_VERSION } from '../../output/json'
import { type Column, tableLines } from '../../output/table'
import { readExit } from '../read-exit'
import { labCommandText } from './lab-text'

type LabRun = Pick<CommandRun, 'isJson' | 'output' | 'columns' | 'print'>

/** The accounts that are labs. Throws a `CliExit` where there is none. */
export function labsOf(accounts: readonly CliAccount[]): readonly CliAccount[] {
  const labs = accounts.filter(({ lab }) => lab !== undefined)
  if (labs.length === 0) throw new CliExit(exitCodes.notFound, labCommandText.none)
  return labs
}

const nameOf = ({ view, name }: CliAccount) => ({ id: view.id, name })

/** Shows the labs, whose settings their API doesn't report. */
export function showLabs(labs: readonly CliAccount[], { isJson, output }: LabRun): number {
  if (isJson) output.result(JSON.stringify({ version: JSON_VERSION, labs: labs.map(labJson) }, null, 2))
  else {
    for (const { name, lab } of labs) output.result(labCommandText.lab(name, lab?.slug ?? ''))
    const [first] = labs.map(webAppOf).filter((url) => url !== null)
    output.result(first === undefined ? labCommandText.unknown : labCommandText.onlyInWebApp(first))
  }
  return exitCodes.ok
}

/** Where settings are changed, if only there. */
function webAppOf({ provider }: CliAccount): string | null {
  const fallback = provider.webFallback?.()
  return fallback?.features.includes('idle-settings') === true ? fallback.url : null
}

const labJson = (account: CliAccount) => ({
  account: accountJson(nameOf(account)),
  labId: account.lab?.id ?? null,
  slug: account.lab?.slug ?? null,
  // Only the reply to a change says them.
  idleAlertMinutes: null,
  autoScheduleEnabled: null,
  webApp: webAppOf(account),
})

/** The change that was typed. Throws a `CliExit` for one that is none. */
export function parseLabSetting(name: string | undefined, value: string | undefined): LabSettings {
  if (value === undefined) throw new CliExit(exitCodes.usage, labCommandText.usage)
  const typed = value.trim()
  if (name === 'idleAlertMinutes') {
    const isValid = /^\d{1,4}$/.test(typed) && Number(typed) >= 1 && Number(typed) <= 1_440
    if (!isValid) throw new CliExit(exitCodes.usage, labCommandText.minutes)
    return { idleAlertMinutes: Number(typed) }
  }
  if (name !== 'autoScheduleEnabled') throw new CliExit(exitCodes.usage, labCommandText.usage)
  if (typed !== 'true' && typed !== 'false') throw new CliExit(exitCodes.usage, labCommandText.flag)
  return { isAutoScheduled: typed === 'true' }
}

/** Changes a setting of the only lab, by one request, and records it. Throws a `CliExit` with nothing changed. */
export async function setLab(
  labs: readonly CliAccount[],
  changes: LabSettings,
  { isJson, output }: LabRun,
  record: (account: CliAccount) => Promise<void>,
): Promise<number> {
  const [account, ...others] = labs
  if (account === undefined || others.length > 0)
    throw new CliExit(exitCodes.usage, labCommandText.chooseOne(labs.map(({ name }) => name)))
  const answer = await account.provider.changeLabSettings?.(changes)
  if (answer === undefined) throw new Error('a lab without settings')
  if (!answer.ok) throw readExit(answer.error)
  await record(account)
  const { idleAlertMinutes = null, isAutoScheduled = null } = answer.value
  if (isJson)
    output.result(
      JSON.stringify({
        version: JSON_VERSION,
        account: accountJson(nameOf(account)),
        idleAlertMinutes,
        autoScheduleEnabled: isAutoScheduled,
      }),
    )
  else output.result(labCommandText.changed(account.name, answer.value))
  return exitCodes.ok
}

/** Lists what waits in the labs' own queues, where Podkeeper starts nothing. */
export async function listExperiments(
  labs: readonly CliAccount[],
  { isJson, output, columns, print }: LabRun,
): Promise<number> {
  const reads = await Promise.all(
    labs.map(async (account) => ({ account, read: await account.provider.listQueuedExperiments?.() })),
  )
  const [failure] = reads.flatMap(({ read }) => (read?.ok === false ? [read.error] : []))
  if (failure !== undefined && reads.every(({ read }) => read?.ok !== true)) throw readExit(failure)
  if (isJson)
    output.result(
      JSON.stringify(
        {
          version: JSON_VERSION,
          labs: reads.map(({ account, read }) => ({
            account: accountJson(nameOf(account)),
            problem: read?.ok === false ? read.error.message : null,
            experiments: read?.ok === true ? read.value.map(experimentJson) : null,
          })),
        },
        null,
        2,
      ),
    )
  for (const { account, read } of reads) {
    if (read?.ok === false)
      output.progress(labCommandText.notRead(account.name, plainText(read.error.message)))
    if (read?.ok !== true || isJson) continue
    if (read.value.length === 0) output.result(labCommandText.noExperiments(account.name))
    else {
      output.result(labCommandText.lab(account.name, account.lab?.slug ?? ''))
      for (const line of tableLines(experimentColumns, read.value, columns)) print(line)
    }
  }
  return failure === undefined ? exitCodes.ok : exitCodes.someAccounts
}

const experimentJson = ({ id, title, computeMode, priority, createdAtMs }: QueuedExperiment) => ({
  id,
  title,
  computeMode,
  priority,
  createdAt: iso(createdAtMs),
})

const column = (
  title: string,
  cell: (experiment: QueuedExperiment) => string,
  dropPriority: number,
): Column<QueuedExperiment> => ({
  title,
  align: 'left',
  dropPriority,
  minWidth: null,
  cell: (experiment) => ({ text: plainText(cell(experiment)), tone: 'plain' }),
})

const experimentColumns: readonly Column<QueuedExperiment>[] = [
  column('EXPERIMENT', ({ title }) => title, 0),
  column('FOR', ({ computeMode }) => computeMode ?? '–', 0),
  column('PRIORITY', ({ priority }) => priority, 1),
  column('ID', ({ id }) => id, 2),
]
