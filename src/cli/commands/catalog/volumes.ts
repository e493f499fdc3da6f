import { formatUsd } from '../../../core/base/text/format'
import { plainText } from '../../../core/base/text/plain-text'
import { VOLUME_SIZE_GB, type VolumeKind } from '../../../core/pods/catalog'
import type { NetworkVolume, Provider } from '../../../core/pods/provider'
import { volumePerMonthUsd } from '../../../core/pods/storage-rates'
import { type ShownVolume, type VolumeChange, volumeChangeProblem } from '../../../core/changes/volume-change'
import { grownPriceText, newPriceText } from '../../../core/changes/volume-price-text'
import { acceptedNames, isAcceptedInput } from '../../../core/confirmation/confirmation'
import { type Control, refusalExit } from '../../account/open-control'
import { readAccount } from '../control/controlled-pod'
import { unclearText } from '../control/unclear-text'
import { CliExit, exitCodes } from '../../output/exit'
import { JSON_VERSION } from '../../output/json'
import { changeNeedsYes, nothingText } from '../../output/nothing-text'
import { type Column, tableLines } from '../../output/table'
import { promptLine } from '../confirm-by-name'
import { find } from '../create/to-form'
import { readExit } from '../read-exit'
import type { CommandRun } from '../../output/command-run'
import { sizeText, volumesText } from './catalog-text'

const volumeVerbs = ['list', 'create', 'grow', 'rename', 'delete'] as const
export type VolumeVerb = (typeof volumeVerbs)[number]

export const isVolumeVerb = (text: string): text is VolumeVerb => volumeVerbs.some((verb) => verb === text)

export interface VolumesOptions extends Omit<CommandRun, 'onSignal' | 'isDryRun'> {
  readonly verb: VolumeVerb
  readonly volume: string | undefined
  readonly value: string | undefined
  readonly dataCenterId: string | undefined
  readonly kind: VolumeKind
  readonly openControl: () => Promise<Control>
}

interface ChangeVolumeOptions extends VolumesOptions {
  readonly provider: Provider
  readonly control: Control
}

interface VolumeRow {
  readonly volume: NetworkVolume
  /** The names of pods that have it. Null: not known. */
  readonly podNames: readonly string[] | null
}

/** Lists or changes network volumes; each change is sent once. Throws a `CliExit` with nothing changed. */
export async function changeVolumes(provider: Provider, options: VolumesOptions): Promise<number> {
  const rows = await readRows(provider)
  const { verb } = options
  if (verb === 'list') return showVolumes(rows, options)
  const name = options.volume
  if (name === undefined) throw new CliExit(exitCodes.usage, volumesText.noVolume(verb))
  const control = await options.openControl()
  try {
    const own = { ...options, provider, control }
    if (verb === 'create') return await createVolume(name, own)
    const row = findRow(rows, name)
    if (verb === 'delete') return await deleteVolume(row, rows, own)
    return verb === 'grow' ? await growVolume(row, own) : await renameVolume(row, own)
  } finally {
    control.close()
  }
}

function findRow(rows: readonly VolumeRow[], name: string): VolumeRow {
  const id = find(
    'networkVolume',
    name,
    rows.map(({ volume }) => volume),
    nothingText.changed,
  )
  const row = rows.find(({ volume }) => volume.id === id)
  if (row === undefined) throw new CliExit(exitCodes.notFound, volumesText.notFound(name))
  return row
}

async function readRows(provider: Provider): Promise<readonly VolumeRow[]> {
  const [volumes, pods] = await Promise.all([provider.listNetworkVolumes?.(), provider.listPods()])
  if (volumes?.ok !== true) throw volumes === undefined ? new Error('no volumes') : readExit(volumes.error)
  return volumes.value.map((volume) => {
    const users = (pods.ok ? pods.value.pods : []).filter(({ networkMounts }) =>
      networkMounts.some(({ volumeId }) => volumeId === volume.id),
    )
    const isKnown = users.length > 0 || (pods.ok && pods.value.isComplete)
    return { volume, podNames: isKnown ? users.map((pod) => pod.name) : null }
  })
}

function showVolumes(rows: readonly VolumeRow[], { isJson, output, columns, print }: VolumesOptions): number {
  if (isJson)
    output.result(
      JSON.stringify(
        {
          version: JSON_VERSION,
          volumes: rows.map(({ volume, podNames }) => ({
            ...volume,
            perMonthUsd: volumePerMonthUsd(volume),
            pods: podNames,
          })),
        },
        null,
        2,
      ),
    )
  else if (rows.length === 0) output.progress(volumesText.none)
  else for (const line of tableLines(volumeColumns, rows, columns)) print(line)
  return exitCodes.ok
}

const column = (
  title: string,
  cell: (row: VolumeRow) => string,
  dropPriority: number,
  align: 'left' | 'right' = 'left',
): Column<VolumeRow> => ({
  title,
  align,
  dropPriority,
  minWidth: null,
  cell: (row) => ({ text: plainText(cell(row)), tone: 'plain' }),
})

const volumeColumns: readonly Column<VolumeRow>[] = [
  column('VOLUME', ({ volume }) => volume.name, 0),
  column('ID', ({ volume }) => volume.id, 2),
  column('SIZE', ({ volume }) => sizeText(volume.sizeGb), 0, 'right'),
  column('$/MONTH', ({ volume }) => usdText(volumePerMonthUsd(volume)), 1, 'right'),
  column(volumesText.dataCenter, ({ volume }) => volume.dataCenterId ?? '?', 3),
  column('PODS', ({ podNames }) => (podNames === null ? '?' : podNames.join(', ') || 'unused'), 1),
]

const usdText = (usd: number | null): string => (usd === null ? '?' : formatUsd(usd))

async function createVolume(name: string, options: ChangeVolumeOptions): Promise<number> {
  const { dataCenterId, kind, output } = options
  const sizeGb = sizeIn(options.value)
  if (dataCenterId === undefined) throw new CliExit(exitCodes.usage, volumesText.noDataCenter)
  output.progress(newPriceText(volumePerMonthUsd({ sizeGb, isHighPerformance: kind !== 'standard' })))
  const change: VolumeChange = { kind: 'create', spec: { name: name.trim(), sizeGb, dataCenterId, kind } }
  checkChange(change, nothingText.created)
  await confirmYes(options, volumesText.askCreate)
  return send(change, 'created', options)
}

async function growVolume({ volume }: VolumeRow, options: ChangeVolumeOptions): Promise<number> {
  const sizeGb = sizeIn(options.value)
  const change: VolumeChange = { kind: 'grow', volume: shownVolume(volume), sizeGb }
  checkChange(change, nothingText.changed)
  const price = grownPriceText(volumePerMonthUsd(volume), volumePerMonthUsd({ ...volume, sizeGb }))
  options.output.progress(volumesText.onlyGrows(price))
  await confirmYes(options, volumesText.askGrow)
  return send(change, 'changed', options)
}

async function renameVolume({ volume }: VolumeRow, options: ChangeVolumeOptions): Promise<number> {
  const name = options.value?.trim() ?? ''
  if (name === '') throw new CliExit(exitCodes.usage, volumesText.noName)
  const change: VolumeChange = { kind: 'rename', volume: shownVolume(volume), name }
  checkChange(change, nothingText.changed)
  return send(change, 'changed', options)
}

/** Irreversible, so its name is typed, or its id where others have that name. */
async function deleteVolume(
  { volume, podNames }: VolumeRow,
  rows: readonly VolumeRow[],
  options: ChangeVolumeOptions,
): Promise<number> {
  const { output, keyboard, confirmName } = options
  const name = plainText(volume.name)
  if (podNames !== null && podNames.length > 0)
    throw new CliExit(exitCodes.failed, volumesText.inUse(name, podNames))
  output.progress(volumesText.deletes(name, volume))
  const accepted = acceptedNames(
    volume,
    rows.map((row) => row.volume),
  )
  const prompt = volumesText.askDelete(accepted)
  const typed = confirmName ?? (keyboard === null ? null : await promptLine(keyboard, prompt))
  if (typed === null) throw new CliExit(exitCodes.usage, volumesText.needsName)
  if (!isAcceptedInput(accepted, typed))
    throw new CliExit(
      exitCodes.failed,
      accepted.includes(volume.name) ? volumesText.otherName : volumesText.needsId(volume.id),
    )
  return send({ kind: 'delete', volume: shownVolume(volume) }, 'deleted', options)
}

const shownVolume = ({ id, name, sizeGb, dataCenterId }: NetworkVolume): ShownVolume => ({
  id,
  name,
  sizeGb,
  dataCenterId,
})

function checkChange(change: VolumeChange, nothing: string): void {
  const problem = volumeChangeProblem(change)
  if (problem !== null) throw new CliExit(exitCodes.usage, `${problem.message} ${nothing}`)
}

function sizeIn(text: string | undefined): number {
  const size = Number(text)
  const { min, max } = VOLUME_SIZE_GB
  if (text !== undefined && Number.isInteger(size) && size >= min && size <= max) return size
  throw new CliExit(exitCodes.usage, volumesText.size(min, max))
}

async function confirmYes({ isConfirmed, keyboard }: VolumesOptions, prompt: string): Promise<void> {
  if (isConfirmed) return
  if (keyboard === null) throw new CliExit(exitCodes.usage, changeNeedsYes)
  if ((await promptLine(keyboard, prompt)) !== 'yes') throw new CliExit(exitCodes.failed, nothingText.changed)
}

/** Has the program that holds the data folder send it, and prints what became of it. */
async function send(
  change: VolumeChange,
  done: 'created' | 'changed' | 'deleted',
  options: ChangeVolumeOptions,
): Promise<number> {
  const { control, provider, isJson, output } = options
  // Until its pods are known, nothing is deleted.
  await readAccount(control, output)
  const answer = await control.requests.changeVolume(change)
  if (!answer.ok) throw refusalExit(answer.error)
  const { kind, message } = answer.value
  if (kind === 'refused') throw new CliExit(exitCodes.failed, message)
  if (kind === 'unclear')
    throw new CliExit(exitCodes.unreachable, volumesText.unclear(unclearText(message, control)))
  const volume = await changedVolume(provider, change)
  if (isJson) output.result(JSON.stringify({ version: JSON_VERSION, outcome: done, volume }))
  else output.result(plainText(volume === null ? message : volumesText.done(volume, done)))
  return exitCodes.ok
}

/** The volume as it is after the change, and before it if it was deleted. Null: it couldn't be read. */
async function changedVolume(provider: Provider, change: VolumeChange): Promise<ShownVolume | null> {
  if (change.kind === 'delete') return change.volume
  const listed = await provider.listNetworkVolumes?.()
  const volumes = listed?.ok === true ? listed.value : []
  return (
    [...volumes]
      .reverse()
      .find((volume) =>
        change.kind === 'create' ? volume.name === change.spec.name : volume.id === change.volume.id,
      ) ?? null
  )
}
