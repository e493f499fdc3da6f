import type { AlertKind } from '../../core/alerts/alert'
import {
  type Channel,
  type ChannelChanges,
  type ChannelQuietHours,
  type ChannelRoute,
  isPhoneKind,
  MAX_GROUP_MINUTES,
  MAX_PER_HOUR,
} from '../../core/channels/channel'
import { channelGone } from '../../core/channels/channel-changes'
import { isChannelName, isTimeZone } from '../../core/channels/channel-codec'
import { alertKindLabel, routableKinds } from '../../core/channels/messages/outgoing-alert'
import type { ChannelView } from '../../core/channels/outbox/outbox-ports'
import { timeOfDayProblem } from '../../core/settings/definitions/quiet-hours'
import { useSingleFlight } from '../state/hooks/use-single-flight'
import { useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { CloseButton } from '../ui/close-button'
import { Choice } from '../ui/controls/choice'
import { Toggle } from '../ui/controls/toggle'
import { TypedField } from '../ui/controls/typed-field'
import { Dialog } from '../ui/dialog'
import { answersText, channelDialogText, channelsText, routeOptions } from './channels-text'

const DEFAULT = 'default'
const options = [{ id: DEFAULT, label: channelDialogText.asChannel } as const, ...routeOptions]

interface ChannelDialogProps {
  /** Null: it was removed. */
  readonly channel: ChannelView | null
  readonly onClose: () => void
}

/** Everything about one channel. Changes apply at once; its address is typed in the app's own window. */
export function ChannelDialog({ channel, onClose }: ChannelDialogProps) {
  const name = channel?.name ?? ''
  return (
    <Dialog label={channelsText.editOf(name)} kind="sheet" onClose={onClose}>
      <header>
        <h2>
          <bdi>{name}</bdi>
        </h2>
        <CloseButton onPress={onClose} />
      </header>
      <div className="dialog-body channel-rules">
        {channel === null ? <p>{channelGone}</p> : <ChannelRules channel={channel} />}
      </div>
    </Dialog>
  )
}

/** What the user gets by turning them on. */
const DEFAULT_QUIET_HOURS: ChannelQuietHours = {
  quietHoursFrom: '22:00',
  quietHoursTo: '07:00',
  timeZone: null,
  holdsCritical: false,
}

function ChannelRules({ channel }: { readonly channel: ChannelView }) {
  const { bridge, snapshotStore } = useWindow()
  const runOnce = useSingleFlight()
  const { id, quietHours } = channel
  const commit = async (changes: ChannelChanges): Promise<string | null> => {
    const answer = await bridge.changeChannel(id, changes)
    return answer.ok ? null : answer.error.message
  }
  const change = (changes: ChannelChanges) =>
    runOnce(() => snapshotStore.runRequest(channelsText.couldNotChange, bridge.changeChannel(id, changes)))
  return (
    <>
      <TypedField
        label={channelDialogText.name}
        help={channelDialogText.nameHelp}
        kind="text"
        unit={null}
        placeholder=""
        value={channel.name}
        validate={(draft) => (isChannelName(draft) ? null : channelDialogText.badName)}
        onCommit={(draft) => commit({ name: draft.trim() })}
      />
      <Toggle
        label={channelDialogText.isOn}
        help={channelDialogText.isOnHelp}
        isOn={channel.isOn}
        onChange={(isOn) => change({ isOn })}
      />
      {isPhoneKind(channel.kind) && <AnswersRow channel={channel} />}
      <div className="setting">
        <span className="label-like">
          {channel.kind === 'telegram' ? channelDialogText.bot : channelDialogText.address}
        </span>
        <span slot="description">{channel.host}</span>
        <span className="controls">
          <Button
            onPress={() =>
              runOnce(() =>
                snapshotStore.runRequest(channelsText.couldNotChange, bridge.replaceChannelAddress(id)),
              )
            }
          >
            {channelDialogText.changeAddress}
          </Button>
        </span>
      </div>
      <Toggle
        label={channelDialogText.quietHours}
        help={channelDialogText.quietHoursHelp}
        isOn={quietHours !== null}
        onChange={(isOn) => change({ quietHours: isOn ? DEFAULT_QUIET_HOURS : null })}
      />
      {quietHours !== null && (
        <QuietHoursRows
          quietHours={quietHours}
          onCommit={(next) => commit({ quietHours: next })}
          onChange={(next) => change({ quietHours: next })}
        />
      )}
      <NumberField
        label={channelDialogText.group}
        help={channelDialogText.groupHelp}
        unit={channelDialogText.minutes}
        value={channel.groupMinutes}
        range={[0, MAX_GROUP_MINUTES]}
        onCommit={(groupMinutes) => commit({ groupMinutes })}
      />
      <NumberField
        label={channelDialogText.limit}
        help={channelDialogText.limitHelp}
        unit={null}
        value={channel.maxPerHour}
        range={[1, MAX_PER_HOUR]}
        onCommit={(maxPerHour) => commit({ maxPerHour })}
      />
      <KindRoutes kindRoutes={channel.kindRoutes} onChange={(kindRoutes) => change({ kindRoutes })} />
      <div className="actions">
        <Button
          onPress={() =>
            runOnce(() => snapshotStore.runRequest(channelsText.couldNotRemove, bridge.removeChannel(id)))
          }
        >
          {channelDialogText.remove}
        </Button>
      </div>
    </>
  )
}

/** Who may answer on the channel, which is decided in the app's own window. */
function AnswersRow({ channel }: { readonly channel: ChannelView }) {
  const { bridge, snapshotStore } = useWindow()
  const runOnce = useSingleFlight()
  const { id, kind, phone } = channel
  const isBot = kind === 'telegram'
  const pair = () => snapshotStore.runRequest(channelsText.couldNotPair, bridge.pairChannel(id))
  const unpair = () => snapshotStore.runRequest(channelDialogText.couldNotUnpair, bridge.unpairChannel(id))
  return (
    <div className="setting">
      <span className="label-like">{channelDialogText.answers}</span>
      <span slot="description">{answersText(channel)}</span>
      <span className="controls">
        {phone === null ? (
          <Button onPress={() => runOnce(pair)}>
            {isBot ? channelDialogText.pair : channelDialogText.offerButtons}
          </Button>
        ) : (
          <Button onPress={() => runOnce(unpair)}>
            {isBot ? channelDialogText.unpair : channelDialogText.noButtons}
          </Button>
        )}
      </span>
    </div>
  )
}

interface QuietHoursRowsProps {
  readonly quietHours: ChannelQuietHours
  /** For a field, which shows why it failed. */
  readonly onCommit: (next: ChannelQuietHours) => Promise<string | null>
  readonly onChange: (next: ChannelQuietHours) => void
}

function QuietHoursRows({ quietHours, onCommit, onChange }: QuietHoursRowsProps) {
  const time = (field: 'quietHoursFrom' | 'quietHoursTo', label: string, help: string) => (
    <TypedField
      label={label}
      help={help}
      kind="time"
      unit={null}
      placeholder=""
      value={quietHours[field] ?? ''}
      validate={(draft) => (timeOfDayProblem(draft) === null ? null : channelDialogText.timeOfDay)}
      onCommit={(draft) => onCommit({ ...quietHours, [field]: draft.trim() })}
    />
  )
  return (
    <>
      {time('quietHoursFrom', channelDialogText.from, channelDialogText.fromHelp)}
      {time('quietHoursTo', channelDialogText.to, channelDialogText.toHelp)}
      <TypedField
        label={channelDialogText.timeZone}
        help={channelDialogText.timeZoneHelp}
        kind="text"
        unit={null}
        placeholder={channelDialogText.localTime}
        value={quietHours.timeZone ?? ''}
        validate={(draft) =>
          draft.trim() === '' || isTimeZone(draft.trim()) ? null : channelDialogText.badTimeZone
        }
        onCommit={(draft) => onCommit({ ...quietHours, timeZone: draft.trim() || null })}
      />
      <Toggle
        label={channelDialogText.holdsCritical}
        help={channelDialogText.holdsCriticalHelp}
        isOn={quietHours.holdsCritical}
        onChange={(holdsCritical) => onChange({ ...quietHours, holdsCritical })}
      />
    </>
  )
}

interface NumberFieldProps {
  readonly label: string
  readonly help: string
  readonly unit: string | null
  readonly value: number
  readonly range: readonly [min: number, max: number]
  readonly onCommit: (value: number) => Promise<string | null>
}

function NumberField({ label, help, unit, value, range: [min, max], onCommit }: NumberFieldProps) {
  const isValid = (draft: string): boolean =>
    /^\d{1,4}$/.test(draft.trim()) && Number(draft) >= min && Number(draft) <= max
  return (
    <TypedField
      label={label}
      help={help}
      kind="number"
      unit={unit}
      placeholder=""
      value={String(value)}
      validate={(draft) => (isValid(draft) ? null : channelDialogText.number(min, max))}
      onCommit={(draft) => onCommit(Number(draft))}
    />
  )
}

interface KindRoutesProps {
  readonly kindRoutes: Channel['kindRoutes']
  readonly onChange: (kindRoutes: Channel['kindRoutes']) => void
}

/** Which alerts of each kind go to the channel. */
function KindRoutes({ kindRoutes, onChange }: KindRoutesProps) {
  const choose = (kind: AlertKind, route: ChannelRoute | typeof DEFAULT): void => {
    const { [kind]: _, ...others } = kindRoutes
    onChange(route === DEFAULT ? others : { ...others, [kind]: route })
  }
  return (
    <details className="kind-routes">
      <summary>{channelDialogText.kinds}</summary>
      {routableKinds.map((kind) => (
        <div key={kind} className="kind-route">
          <Choice
            label={alertKindLabel(kind)}
            options={options}
            chosen={kindRoutes[kind] ?? DEFAULT}
            onChoose={(route) => choose(kind, route)}
          />
        </div>
      ))}
    </details>
  )
}
