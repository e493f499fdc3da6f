import type { CommandRun } from '../../output/command-run'
import * as v from 'valibot'
import { plainText } from '../../../core/base/text/plain-text'
import {
  type Channel,
  type ChannelChanges,
  type ChannelKind,
  type ChannelRoute,
  isUnpaired,
} from '../../../core/channels/channel'
import { freeName, nameTakenProblem } from '../../../core/channels/channel-changes'
import { channelChangesSchema, isChannelName, isTimeZone } from '../../../core/channels/channel-codec'
import { routableKinds } from '../../../core/channels/messages/outgoing-alert'
import { channelKindNames, testAlertOf } from '../../../core/channels/outbox/channel-text'
import type { OutboxRecord } from '../../../core/channels/outbox/outbox-message'
import type { Instant } from '../../../core/base/time/time'
import type { ChannelAddress, ChannelStore } from '../../../node/channels/channel-store'
import type { SendToAddress } from '../../../node/channels/folder-channels'
import { CliExit, exitCodes } from '../../output/exit'
import { channelText } from './channel-text'
import { channelLines, channelsJson, listedChannels } from './list-channels'
import { pairChannel, type PairCommandOptions, unpairChannel } from './pair-channel'
import { enteredAddress, type ReadAddressOptions } from './read-address'

export interface ChannelSetChoices {
  readonly name?: string
  readonly on?: true
  readonly off?: true
  readonly quietHours?: string
  readonly timeZone?: string
  readonly holdCritical?: boolean
  readonly group?: number
  readonly maxPerHour?: number
}

/** `default` takes the route of a kind away. */
export type ChannelRouteChoice = ChannelRoute | 'default'

export type ChannelCommand =
  | {
      readonly verb: 'add'
      readonly kind: ChannelKind
      readonly name: string | null
      /** A channel of this name gets the address. */
      readonly isReplaced?: boolean
    }
  | { readonly verb: 'list' }
  | { readonly verb: 'test' | 'remove' | 'pair' | 'unpair'; readonly channel: string }
  | {
      readonly verb: 'route'
      readonly channel: string
      readonly route: ChannelRouteChoice
      /** None: the route of all kinds without one of their own. */
      readonly kinds: readonly string[]
    }
  | { readonly verb: 'set'; readonly channel: string; readonly choices: ChannelSetChoices }

export interface ChannelCommandOptions
  extends ReadAddressOptions, PairCommandOptions, Pick<CommandRun, 'columns' | 'print'> {
  readonly command: ChannelCommand
  readonly secretsPath: string
  readonly readOutbox: () => readonly OutboxRecord[]
  readonly send: SendToAddress
  readonly now: () => Instant
  /** What messages call this computer; null: they don't name it. */
  readonly computer: string | null
}

/** Lists and changes the channels of the data folder. Returns the exit code. */
export async function runChannelCommand(options: ChannelCommandOptions): Promise<number> {
  const { store, command, output } = options
  const problem = store.problem()
  if (problem !== null) output.progress(problem)
  switch (command.verb) {
    case 'list':
      return list(options)
    case 'add':
      return add(command, options)
    case 'test':
      return test(findChannel(store, command.channel), options)
    case 'remove': {
      const channel = findChannel(store, command.channel)
      return finish(store.remove(channel.id), channelText.removed(channel.name), options)
    }
    case 'pair':
      return pairChannel(findChannel(store, command.channel), options)
    case 'unpair':
      return unpairChannel(findChannel(store, command.channel), options)
    case 'route': {
      const channel = findChannel(store, command.channel)
      return change(channel, routeChanges(channel, command.route, command.kinds), options)
    }
    case 'set': {
      const channel = findChannel(store, command.channel)
      return change(channel, setChanges(channel, command.choices), options)
    }
  }
}

function findChannel(store: ChannelStore, query: string): Channel {
  const channels = store.list()
  const found =
    channels.find(({ id }) => id === query) ??
    channels.find(({ name }) => name === query) ??
    channels.find(({ name }) => name.toLowerCase() === query.toLowerCase())
  if (found === undefined) throw new CliExit(exitCodes.notFound, channelText.unknown(plainText(query)))
  return found
}

function list({ store, readOutbox, isJson, output, print, columns }: ChannelCommandOptions): number {
  const listed = listedChannels(store.list(), readOutbox())
  if (isJson) output.result(JSON.stringify(channelsJson(listed), null, 2))
  else if (listed.length === 0) output.result(channelText.none)
  else for (const line of channelLines(listed, columns)) print(line)
  return exitCodes.ok
}

async function add(
  { kind, name: wantedName, isReplaced }: Extract<ChannelCommand, { readonly verb: 'add' }>,
  options: ChannelCommandOptions,
): Promise<number> {
  const { store } = options
  if (wantedName !== null && !isChannelName(wantedName))
    throw new CliExit(exitCodes.usage, `${channelText.badName} ${channelText.nothingSaved}`)
  const { host, address } = await enteredAddress(kind, options)
  const existing = await existingChannel(kind, wantedName, address, store)
  if (existing?.isSame === true)
    return finish({ ok: true }, channelText.unchanged(existing.channel.name), options)
  if (existing !== null) {
    const { channel } = existing
    if (channel.kind !== kind)
      throw new CliExit(exitCodes.failed, channelText.otherKind(channel.name, channel.kind))
    if (!isReplaced) throw new CliExit(exitCodes.failed, channelText.otherAddress(channel.name))
    const replaced = await store.replaceAddress(channel.id, host, address)
    const next = kind === 'telegram' ? ` ${channelText.pairNext(channel.name)}` : ''
    return finish(replaced, `${channelText.replaced(channel.name, host)}${next}`, options)
  }
  const name = wantedName?.trim() ?? freeName(store.list(), channelKindNames[kind])
  return finish(
    await store.add(kind, name, host, address),
    kind === 'telegram'
      ? channelText.addedBot(name, options.secretsPath)
      : channelText.added(name, host, options.secretsPath),
    options,
  )
}

/** The channel of that name; without one, the channel that has the same address. Null: there is none. */
async function existingChannel(
  kind: ChannelKind,
  name: string | null,
  { address, token }: ChannelAddress,
  store: ChannelStore,
): Promise<{ readonly channel: Channel; readonly isSame: boolean } | null> {
  for (const channel of store.list()) {
    const isNamed = name !== null && nameTakenProblem([channel], name, null) !== null
    if (!isNamed && (name !== null || channel.kind !== kind)) continue
    const kept = await store.addressOf(channel.id)
    // That of a bot ends with who is paired.
    const isSame =
      channel.kind === kind &&
      kept.ok &&
      kept.value.token === token &&
      (kind === 'telegram' || kept.value.address === address)
    if (isNamed || isSame) return { channel, isSame }
  }
  return null
}

async function test(
  channel: Channel,
  { store, send, now, computer, output, isJson }: ChannelCommandOptions,
): Promise<number> {
  if (isUnpaired(channel)) throw new CliExit(exitCodes.failed, channelText.pairNext(channel.name))
  const address = await store.addressOf(channel.id)
  if (!address.ok) throw new CliExit(exitCodes.failed, `${channel.name}: ${address.error}`)
  const alerts = [{ alert: testAlertOf(now(), computer), isOver: false, resolvedAtMs: null }]
  const { kind, answer } = await send(channel, address.value, { isPlain: false, alerts })
  const isAccepted = kind === 'accepted'
  if (isJson) output.result(JSON.stringify({ version: 1, accepted: isAccepted, answer }, null, 2))
  else if (isAccepted) output.result(plainText(channelText.accepted(channel.name, answer)))
  else output.progress(channelText.notAccepted(channel.name, answer))
  return isAccepted ? exitCodes.ok : exitCodes.failed
}

function routeChanges(channel: Channel, route: ChannelRouteChoice, kinds: readonly string[]): ChannelChanges {
  if (kinds.length === 0) return { route: route === 'default' ? 'always' : route }
  const kindRoutes: Record<string, ChannelRoute> = { ...channel.kindRoutes }
  for (const kind of kinds) {
    const known = routableKinds.find((each) => each === kind)
    if (known === undefined)
      throw new CliExit(exitCodes.usage, channelText.unknownKind(plainText(kind), routableKinds.join(', ')))
    if (route === 'default') delete kindRoutes[known]
    else kindRoutes[known] = route
  }
  return { kindRoutes }
}

function setChanges({ quietHours: before }: Channel, choices: ChannelSetChoices): ChannelChanges {
  const { name, on, off, quietHours, timeZone, holdCritical, group, maxPerHour } = choices
  return {
    ...(name !== undefined && { name }),
    ...(on && { isOn: true }),
    ...(off && { isOn: false }),
    ...(group !== undefined && { groupMinutes: group }),
    ...(maxPerHour !== undefined && { maxPerHour }),
    ...((quietHours ?? timeZone ?? holdCritical) !== undefined && {
      quietHours: quietHoursOf(before, choices),
    }),
  }
}

function quietHoursOf(
  before: Channel['quietHours'],
  { quietHours, timeZone, holdCritical }: ChannelSetChoices,
): Channel['quietHours'] {
  if (quietHours === 'off') return null
  const typed = /^(\d{1,2}:\d{2})\s*[-–]\s*(\d{1,2}:\d{2})$/.exec(quietHours ?? '')
  if (quietHours !== undefined && typed === null) throw new CliExit(exitCodes.usage, channelText.quietHours)
  const [, from = before?.quietHoursFrom, to = before?.quietHoursTo] = typed ?? []
  if (from == null || to == null) throw new CliExit(exitCodes.usage, channelText.needsQuietHours)
  if (timeZone !== undefined && timeZone !== 'local' && !isTimeZone(timeZone))
    throw new CliExit(exitCodes.usage, channelText.timeZone(plainText(timeZone)))
  return {
    quietHoursFrom: from,
    quietHoursTo: to,
    timeZone: timeZone === undefined ? (before?.timeZone ?? null) : timeZone === 'local' ? null : timeZone,
    holdsCritical: holdCritical ?? before?.holdsCritical ?? false,
  }
}

function change(channel: Channel, changes: ChannelChanges, options: ChannelCommandOptions): number {
  if (Object.keys(changes).length === 0) throw new CliExit(exitCodes.usage, channelText.nothingToChange)
  const parsed = v.safeParse(channelChangesSchema, changes)
  if (!parsed.success) {
    const [issue] = parsed.issues
    const isQuietHours = issue?.path?.[0]?.key === 'quietHours'
    throw new CliExit(
      exitCodes.usage,
      isQuietHours ? channelText.quietHours : channelText.badValue(plainText(issue?.message ?? '')),
    )
  }
  return finish(options.store.change(channel.id, parsed.output), channelText.changed(channel.name), options)
}

function finish(
  result: { readonly ok: true } | { readonly ok: false; readonly error: string },
  done: string,
  { output, isJson }: ChannelCommandOptions,
): number {
  if (!result.ok) throw new CliExit(exitCodes.failed, result.error)
  if (isJson) output.result(JSON.stringify({ version: 1, done: true }, null, 2))
  else output.result(plainText(done))
  return exitCodes.ok
}
