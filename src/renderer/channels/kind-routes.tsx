import type { AlertKind } from '../../core/alerts/alert'
import type { Channel, ChannelRoute } from '../../core/channels/channel'
import { alertKindLabel, routableKinds } from '../../core/channels/messages/outgoing-alert'
import { Choice } from '../ui/controls/choice'
import { channelDialogText, routeOptions } from './channels-text'

interface KindRoutesProps {
  readonly kindRoutes: Channel['kindRoutes']
  readonly onChange: (kindRoutes: Channel['kindRoutes']) => void
}

const DEFAULT = 'default'
const options = [{ id: DEFAULT, label: channelDialogText.asChannel } as const, ...routeOptions]

/** Which alerts of each kind go to the channel. */
export function KindRoutes({ kindRoutes, onChange }: KindRoutesProps) {
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
