import type { ReadStream } from 'node:tty'
import { formatUsd } from '../../../core/base/format'
import { plainText } from '../../../core/base/plain-text'
import { VOLUME_SIZE_GB, type VolumeKind } from '../../../core/pods/catalog'
import type { NetworkVolume, Provider, ProviderError } from '../../../core/pods/provider'
import { networkVolumePerHourUsd, STORAGE_RATES } from '../../../core/pods/storage-rates'
import { CliExit, exitCodes } from '../../output/exit'
import { JSON_VERSION } from '../../output/json'
import { type Column, tableLines } from '../../output/table'
import { promptLine } from '../confirm-by-name'
import { find } from '../create/to-form'
import { readExit } from '../read-exit'
import type { ListPrinter } from './printer'

const volumeVerbs = ['list', 'create', 'grow', 'rename', 'delete'] as const
export type VolumeVerb = (typeof volumeVerbs)[number]

export const isVolumeVerb = (text: string): text is VolumeVerb => volumeVerbs.some((verb) => verb === text)

export interface VolumesOptions extends ListPrinter {
  readonly verb: VolumeVerb
  readonly volume: string | undefined
  readonly value: string | undefined
  readonly dataCenterId: string | undefined
  readonly kind: VolumeKind
  readonly confirmName: string | null
  readonly isConfirmed: boolean
  readonly keyboard: ReadStream | null
}

interface VolumeRow {
  readonly volume: NetworkVolume
  /** The names of pods that have it. Null: not known. */
  readonly podNames: readonly string[] | null
}

/** Lists or changes network volumes; each change is one request. Throws a `CliExit` with nothing changed. */
export async function changeVolumes(provider: Provider, options: VolumesOptions): Promise<number> {
  const rows = await readRows(provider)
  const { verb } = options
  if (verb === 'list') return showVolumes(rows, options)
  const name = options.volume
  if (name === undefined)
    throw new CliExit(exitCodes.usage, `Specify the volume to ${verb}. Nothing was changed.`)
  if (verb === 'create') return createVolume(provider, name, options)
  const id = find(
    'network volume',
    name,
    rows.map(({ volume }) => volume),
  )
  const row = rows.find(({ volume }) => volume.id === id)
  if (row === undefined) throw new CliExit(exitCodes.notFound, `There is no network volume ${name}.`)
  if (verb === 'delete') return deleteVolume(provider, row, options)
  return verb === 'grow' ? growVolume(provider, row, options) : renameVolume(provider, row, options)
}

async function readRows(provider: Provider): Promise<readonly VolumeRow[]> {
  const [volumes, pods] = await Promise.all([provider.listNetworkVolumes?.(), provider.listPods()])
  if (volumes?.ok !== true) throw volumes === undefined ? new Error('no volumes') : readExit(volumes.error)
  return volumes.value.map((volume) => ({
    volume,
    podNames: pods.ok
      ? pods.value.pods
          .filter(({ networkMounts }) => networkMounts.some(({ volumeId }) => volumeId === volume.id))
          .map((pod) => pod.name)
      : null,
  }))
}

/** USD per month; null: it has no public rate. */
function perMonthUsd({
  sizeGb,
  isHighPerformance,
}: Pick<NetworkVolume, 'sizeGb' | 'isHighPerformance'>): number | null {
  return sizeGb === null || isHighPerformance
    ? null
    : networkVolumePerHourUsd(sizeGb) * STORAGE_RATES.hoursPerMonth
}

function showVolumes(rows: readonly VolumeRow[], { isJson, output, columns, print }: VolumesOptions): number {
  if (isJson)
    output.result(
      JSON.stringify(
        {
          version: JSON_VERSION,
          volumes: rows.map(({ volume, podNames }) => ({
            ...volume,
            perMonthUsd: perMonthUsd(volume),
            pods: podNames,
          })),
        },
        null,
        2,
      ),
    )
  else if (rows.length === 0) output.progress('There are no network volumes.')
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
  column('SIZE', ({ volume }) => (volume.sizeGb === null ? '?' : `${volume.sizeGb} GB`), 0, 'right'),
  column('$/MONTH', ({ volume }) => usdText(perMonthUsd(volume)), 1, 'right'),
  column('DATA CENTER', ({ volume }) => volume.dataCenterId ?? '?', 3),
  column('PODS', ({ podNames }) => (podNames === null ? '?' : podNames.join(', ') || 'unused'), 1),
]

const usdText = (usd: number | null): string => (usd === null ? '?' : formatUsd(usd))

async function createVolume(provider: Provider, name: string, options: VolumesOptions): Promise<number> {
  const { dataCenterId, kind, output } = options
  const sizeGb = sizeIn(options.value)
  if (dataCenterId === undefined)
    throw new CliExit(exitCodes.usage, 'Choose a data center with --data-center. Nothing was created.')
  const usd = perMonthUsd({ sizeGb, isHighPerformance: kind !== 'standard' })
  const cost = usd === null ? 'It costs money' : `It costs ${formatUsd(usd)} a month`
  output.progress(`${cost} until you delete it, even without a pod.`)
  await confirmYes(options, 'Type yes to create it: ')
  return finish(
    await provider.createNetworkVolume?.({ name, sizeGb, dataCenterId, kind }),
    'created',
    options,
  )
}

async function growVolume(
  provider: Provider,
  { volume }: VolumeRow,
  options: VolumesOptions,
): Promise<number> {
  const sizeGb = sizeIn(options.value)
  if (volume.sizeGb !== null && sizeGb <= volume.sizeGb)
    throw new CliExit(
      exitCodes.usage,
      `${plainText(volume.name)} has ${volume.sizeGb} GB, and volumes can't shrink. Nothing was changed.`,
    )
  const [before, after] = [perMonthUsd(volume), perMonthUsd({ ...volume, sizeGb })]
  options.output.progress(
    `It will cost ${usdText(after)} instead of ${usdText(before)} a month. It can't be made smaller later.`,
  )
  await confirmYes(options, 'Type yes to grow it: ')
  return finish(await provider.changeNetworkVolume?.(volume.id, { sizeGb }), 'changed', options)
}

async function renameVolume(
  provider: Provider,
  { volume }: VolumeRow,
  options: VolumesOptions,
): Promise<number> {
  const name = options.value?.trim() ?? ''
  if (name === '') throw new CliExit(exitCodes.usage, 'Add a new name. Nothing was changed.')
  return finish(await provider.changeNetworkVolume?.(volume.id, { name }), 'changed', options)
}

/** Irreversible, so its name is typed. */
async function deleteVolume(
  provider: Provider,
  { volume, podNames }: VolumeRow,
  options: VolumesOptions,
): Promise<number> {
  const { output, keyboard, confirmName } = options
  const name = plainText(volume.name)
  if (podNames !== null && podNames.length > 0)
    throw new CliExit(
      exitCodes.failed,
      `${name} is attached to ${podNames.map(plainText).join(', ')}. Terminate that first. Nothing was deleted.`,
    )
  output.progress(
    `Everything on ${name} (${volume.sizeGb ?? '?'} GB, ${volume.dataCenterId ?? 'unknown location'}) will be deleted and can't be recovered.`,
  )
  const typed =
    confirmName ?? (keyboard === null ? null : await promptLine(keyboard, `Type ${name} to delete it: `))
  if (typed === null)
    throw new CliExit(exitCodes.usage, 'Without a terminal, use --confirm-name. Nothing was deleted.')
  if (typed !== volume.name)
    throw new CliExit(exitCodes.failed, 'The name does not match. Nothing was deleted.')
  const deleted = await provider.deleteNetworkVolume?.(volume.id)
  return finish(deleted?.ok === true ? { ok: true, value: volume } : deleted, 'deleted', options)
}

function sizeIn(text: string | undefined): number {
  const size = Number(text)
  const { min, max } = VOLUME_SIZE_GB
  if (text !== undefined && Number.isInteger(size) && size >= min && size <= max) return size
  throw new CliExit(
    exitCodes.usage,
    `The size must be a whole number of GB, from ${min} to ${max}. Nothing was changed.`,
  )
}

async function confirmYes({ isConfirmed, keyboard }: VolumesOptions, prompt: string): Promise<void> {
  if (isConfirmed) return
  if (keyboard === null)
    throw new CliExit(exitCodes.usage, 'Without a terminal, confirm with --yes. Nothing was changed.')
  if ((await promptLine(keyboard, prompt)) !== 'yes')
    throw new CliExit(exitCodes.failed, 'Nothing was changed.')
}

function finish(
  answer:
    | { readonly ok: true; readonly value: NetworkVolume }
    | { readonly ok: false; readonly error: ProviderError }
    | undefined,
  done: string,
  { isJson, output }: VolumesOptions,
): number {
  if (answer === undefined) throw new CliExit(exitCodes.failed, 'This is not supported for this account.')
  if (!answer.ok) {
    const { kind, message } = answer.error
    const isUnclear = kind === 'unreachable' || kind === 'unreadable'
    if (isUnclear)
      throw new CliExit(
        exitCodes.unreachable,
        `${message} The volume may or may not have been ${done}. Before you try again, run podkeeper volumes`,
      )
    throw readExit(answer.error)
  }
  const { value: volume } = answer
  if (isJson) output.result(JSON.stringify({ version: JSON_VERSION, outcome: done, volume }))
  else
    output.result(
      `${plainText(volume.name)} (${plainText(volume.id)}) is ${done}${volume.sizeGb === null || done === 'deleted' ? '' : `: ${volume.sizeGb} GB in ${volume.dataCenterId ?? '?'}`}.`,
    )
  return exitCodes.ok
}
