import { formatClock, formatMoment } from '../../core/base/text/format'
import { type Channel, type ChannelPhone, isUnpaired } from '../../core/channels/channel'
import { channelKindNames, channelRouteNames, noStopText } from '../../core/channels/outbox/channel-text'
import type { ChannelView } from '../../core/channels/outbox/outbox-ports'

export const channelsText = {
  title: 'Channels',
  none: 'No channels yet. Alerts can also reach you on the phone and in chat.',
  acceptedCounts:
    'A warning counts as delivered once a channel accepts it, so auto-stop also works while nobody is at this computer.',
  add: 'Add channel',
  addTo: 'Where alerts go',
  couldNotRead: 'Couldn’t read the channels',
  couldNotAdd: 'The channel wasn’t added',
  couldNotChange: 'The channel wasn’t changed',
  couldNotRemove: 'The channel wasn’t removed',
  couldNotTest: 'No test was sent',
  channel: (name: string) => `Channel ${name}`,
  alertsOf: (name: string) => `Alerts for ${name}`,
  send: 'Send',
  test: 'Test',
  testOf: (name: string) => `Test ${name}`,
  pair: 'Pair…',
  pairOf: (name: string) => `Pair ${name}`,
  couldNotPair: 'Nobody was paired',
  edit: 'Edit…',
  editOf: (name: string) => `Edit ${name}`,
  testing: (name: string) => `Sending a test to ${name}…`,
  tested: (name: string, isAccepted: boolean, answer: string) =>
    isAccepted ? `${name} accepted the test. ${answer}` : `The test of ${name} failed. ${answer}`,
} as const

export const channelDialogText = {
  name: 'Name',
  nameHelp: 'Shown here and in the activity log',
  isOn: 'Send alerts',
  isOnHelp: 'Turning this off discards alerts that are waiting',
  answers: 'Answers from the phone',
  pair: 'Pair…',
  unpair: 'Unpair…',
  offerButtons: 'Offer buttons…',
  noButtons: 'Remove buttons',
  couldNotUnpair: 'The channel wasn’t unpaired',
  address: 'Address',
  bot: 'Bot',
  changeAddress: 'Change…',
  remove: 'Remove channel…',
  quietHours: 'Quiet hours',
  quietHoursHelp: 'Only critical alerts are sent. The others follow when they end',
  from: 'Quiet hours start',
  fromHelp: 'From this time on, alerts that aren’t critical wait',
  to: 'Quiet hours end',
  toHelp: 'Waiting alerts are sent at this time',
  timeZone: 'Time zone',
  timeZoneHelp: 'Such as Europe/Berlin',
  localTime: 'This computer’s',
  holdsCritical: 'Hold critical alerts, too',
  holdsCriticalHelp: 'An auto-stop that needs such a warning waits, too',
  group: 'Group for',
  groupHelp: 'Collects alerts that aren’t critical into one message',
  limit: 'Limit per hour',
  limitHelp: 'Above it, alerts that aren’t critical are collected into one message',
  kinds: 'By kind of alert',
  asChannel: 'As above',
  number: (min: number, max: number) => `Enter a whole number from ${min} to ${max}.`,
  timeOfDay: 'Enter a time such as 22:00.',
  badTimeZone: 'There is no such time zone.',
  badName: 'Enter 1 to 60 visible characters.',
  minutes: 'min',
} as const

const NEVER = 'Nothing sent yet'
const UNPAIRED = 'Waiting for pairing'

const since = ({ sinceMs }: ChannelPhone): string => formatMoment(sinceMs, { nowMs: Date.now() })

/** Who may answer on a channel, and what they can do. */
export function answersText({ kind, host, phone, phoneStatus }: ChannelView): string {
  if (kind === 'telegram')
    return phone === null
      ? `${UNPAIRED}. Until then no alert is sent`
      : `Paired with ${phone.personName ?? ''} since ${since(phone)}. Buttons: Stop, Keep 4 h, Keep until tomorrow, Undo`
  if (phone === null) return 'Off. Alerts can have buttons to keep a pod running'
  const keeps = `Buttons since ${since(phone)}: Keep 4 h, Keep until tomorrow`
  if (phoneStatus === null) return keeps
  const { mayStop } = phoneStatus
  return mayStop === true
    ? `${keeps}, Stop, Undo`
    : `${keeps}. ${noStopText(mayStop === null ? null : false, host)}`
}

/** What a channel is doing, for the line below its name. */
export function channelStateText({ kind, host, isOn, quietHours, status, phone }: ChannelView): string {
  const where = `${channelKindNames[kind]} · ${host}`
  if (!isOn) return `${where} · Off`
  if (isUnpaired({ kind, phone })) return `${where} · ${UNPAIRED}`
  const { waitingCount, failure, lostCount, lastAcceptedAtMs } = status
  return [
    where,
    ...(phone === null
      ? []
      : [phone.personName === null ? 'With buttons' : `Paired with ${phone.personName}`]),
    ...(quietHours === null
      ? []
      : [
          `Quiet ${formatClock(quietHours.quietHoursFrom ?? '')}–${formatClock(quietHours.quietHoursTo ?? '')}`,
        ]),
    ...(failure === null
      ? [
          lastAcceptedAtMs === null
            ? NEVER
            : `Last sent ${formatMoment(lastAcceptedAtMs, { nowMs: Date.now() })}`,
        ]
      : []),
    ...(waitingCount > 0 ? [`${waitingCount} waiting`] : []),
    ...(lostCount > 0 ? [`${lostCount} not delivered in 7 days`] : []),
  ].join(' · ')
}

export const routeOptions = Object.entries(channelRouteNames).map(([id, label]) => ({
  id: id as Channel['route'],
  label,
}))
