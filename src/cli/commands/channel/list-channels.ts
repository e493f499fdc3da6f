import { plainText } from '../../../core/base/text/plain-text'
import { type Channel, isUnpaired } from '../../../core/channels/channel'
import { channelKindNames, channelRouteNames } from '../../../core/channels/outbox/channel-text'
import type { OutboxMessage, OutboxRecord } from '../../../core/channels/outbox/outbox-message'
import type { StyledLine } from '../../output/color'
import { JSON_VERSION } from '../../output/json'
import { type Column, tableLines } from '../../output/table'
import { channelText } from './channel-text'

/** What the files of the data folder say of a channel. */
interface ListedChannel {
  readonly channel: Channel
  readonly waiting: number
  readonly lost: number
  /** Why the latest message that still waits was not taken; null: none is known. */
  readonly failure: string | null
}

export function listedChannels(
  channels: readonly Channel[],
  records: readonly OutboxRecord[],
): readonly ListedChannel[] {
  const messages = records.filter((record): record is OutboxMessage => record.kind === 'message')
  return channels.map((channel) => {
    const own = messages.filter(({ channelId }) => channelId === channel.id)
    const waiting = own.filter(({ state }) => state === 'waiting')
    return {
      channel,
      waiting: waiting.length,
      lost: own.filter(({ state }) => state === 'expired' || state === 'refused').length,
      failure: waiting.map((each) => each.failure).find((text) => text !== null) ?? null,
    }
  })
}

const plain = (text: string) => ({ text: plainText(text), tone: 'plain' }) as const

function stateOf({ channel, waiting, lost, failure }: ListedChannel): string {
  if (!channel.isOn) return 'off'
  if (isUnpaired(channel)) return channelText.unpairedState
  const { phone } = channel
  const parts = [
    ...(phone === null ? [] : [channelText.pairedState(phone.personName)]),
    ...(waiting > 0 ? [channelText.waiting(waiting, failure)] : []),
    ...(lost > 0 ? [channelText.lost(lost)] : []),
  ]
  return waiting === 0 && lost === 0 ? ['ok', ...parts].join(' · ') : parts.join(' · ')
}

function rulesOf({ route, kindRoutes, quietHours }: Channel): string {
  const exceptions = Object.keys(kindRoutes).length
  return [
    channelRouteNames[route],
    ...(exceptions > 0 ? [channelText.exceptions(exceptions)] : []),
    ...(quietHours === null
      ? []
      : [channelText.quiet(quietHours.quietHoursFrom ?? '', quietHours.quietHoursTo ?? '')]),
  ].join(', ')
}

const columns: readonly Column<ListedChannel>[] = [
  { title: 'NAME', align: 'left', dropPriority: 0, minWidth: 10, cell: ({ channel }) => plain(channel.name) },
  {
    title: 'SERVICE',
    align: 'left',
    dropPriority: 2,
    minWidth: null,
    cell: ({ channel }) => plain(channelKindNames[channel.kind]),
  },
  { title: 'HOST', align: 'left', dropPriority: 3, minWidth: 10, cell: ({ channel }) => plain(channel.host) },
  {
    title: 'ALERTS',
    align: 'left',
    dropPriority: 4,
    minWidth: 12,
    cell: ({ channel }) => plain(rulesOf(channel)),
  },
  { title: 'STATE', align: 'left', dropPriority: 1, minWidth: 6, cell: (row) => plain(stateOf(row)) },
]

export const channelLines = (listed: readonly ListedChannel[], width: number): readonly StyledLine[] =>
  tableLines(columns, listed, width)

export const channelsJson = (listed: readonly ListedChannel[]): unknown => ({
  version: JSON_VERSION,
  channels: listed.map(({ channel, waiting, lost, failure }) => ({
    id: channel.id,
    name: channel.name,
    service: channel.kind,
    host: channel.host,
    on: channel.isOn,
    route: channel.route,
    routes: channel.kindRoutes,
    quietHours: channel.quietHours && {
      from: channel.quietHours.quietHoursFrom,
      to: channel.quietHours.quietHoursTo,
      timeZone: channel.quietHours.timeZone,
      holdsCritical: channel.quietHours.holdsCritical,
    },
    groupMinutes: channel.groupMinutes,
    maxPerHour: channel.maxPerHour,
    phone: channel.phone && {
      person: channel.phone.personName,
      since: new Date(channel.phone.sinceMs).toISOString(),
    },
    waiting,
    lost,
    failure,
  })),
})
