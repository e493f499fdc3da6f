import { type Channel, type ChannelChanges, MAX_CHANNELS, newChannel } from '../channels/channel'
import type { ChannelEntry } from './configuration'
import {
  type ChannelStep,
  comparableName,
  type ConfigurationInput,
  type ConfigurationLine,
  type ConfigurationProblem,
  lineOf,
  type PlannedSection,
  repeatedNames,
} from './configuration-plan'

/** `isOnly`: channels that the file doesn't name are removed. */
export function planChannels(
  { file, current, addresses }: ConfigurationInput,
  isOnly: boolean,
): PlannedSection<readonly ChannelStep[]> {
  const entries = file.channels ?? []
  const lines: ConfigurationLine[] = []
  const problems: ConfigurationProblem[] = [...repeatedNames(['channels'], entries)]
  const steps: ChannelStep[] = []
  const kept = new Set<string>()
  entries.forEach((entry, at) => {
    const place = `channels.${entry.name}`
    const channel = current.channels.find((each) => comparableName(each.name) === comparableName(entry.name))
    const address = addresses.get(at)
    const changes = changesOf(entry)
    if (channel === undefined) {
      if (address === undefined)
        problems.push({ path: ['channels', at], message: 'A new channel needs an address.' })
      else {
        const added = { ...newChannel('', entry.kind, entry.name, address.host), ...changes }
        lines.push(...lineOf(place, undefined, shownChannel(added)))
        steps.push({ kind: 'add', at, entry, changes })
      }
      return
    }
    kept.add(channel.id)
    if (channel.kind !== entry.kind)
      problems.push({
        path: ['channels', at, 'kind'],
        message: `This channel is of the kind ${channel.kind}, which can’t be changed. Remove it first, or choose another name.`,
      })
    const differing = Object.fromEntries(
      Object.entries(changes).filter(
        ([name, value]) => JSON.stringify(value) !== JSON.stringify(channel[name as keyof ChannelChanges]),
      ),
    ) as ChannelChanges
    const addressAt = address === undefined || address.isKept ? null : at
    if (Object.keys(differing).length === 0 && addressAt === null) return
    for (const [name, value] of Object.entries(differing))
      lines.push(...lineOf(`${place}.${name}`, channel[name as keyof ChannelChanges], value))
    // The host may stay the same. The address itself is shown nowhere.
    if (addressAt !== null)
      lines.push({ name: `${place}.address`, from: `at ${channel.host}`, to: `new, at ${address?.host}` })
    steps.push({ kind: 'change', id: channel.id, changes: differing, addressAt })
  })
  if (isOnly)
    for (const channel of current.channels.filter(({ id }) => !kept.has(id))) {
      lines.push(...lineOf(`channels.${channel.name}`, shownChannel(channel), undefined))
      steps.push({ kind: 'remove', id: channel.id })
    }
  const count = (kind: ChannelStep['kind']): number => steps.filter((step) => step.kind === kind).length
  if (current.channels.length + count('add') - count('remove') > MAX_CHANNELS)
    problems.push({ path: ['channels'], message: `There can be ${MAX_CHANNELS} channels at most.` })
  return { lines, problems, steps }
}

function changesOf({
  on,
  route,
  routes,
  quietHours,
  groupMinutes,
  maxPerHour,
}: ChannelEntry): ChannelChanges {
  return {
    ...(on !== undefined && { isOn: on }),
    ...(route !== undefined && { route }),
    ...(routes !== undefined && { kindRoutes: routes }),
    ...(quietHours !== undefined && {
      quietHours: quietHours && {
        quietHoursFrom: quietHours.from,
        quietHoursTo: quietHours.to,
        timeZone: quietHours.timeZone,
        holdsCritical: quietHours.holdsCritical,
      },
    }),
    ...(groupMinutes !== undefined && { groupMinutes }),
    ...(maxPerHour !== undefined && { maxPerHour }),
  }
}

const shownChannel = ({ kind, host, route }: Channel): unknown => ({ kind, host, route })
