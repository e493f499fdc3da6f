import { pageOf, shownService } from '../../state/account-parts'
import { useSnapshotStore, useWindow } from '../../state/window-context'
import { Button } from '../button'
import type { IconName } from '../icon'
import { commonText } from '../common-text'

interface OpenServiceButtonProps {
  readonly icon?: IconName
  /** Default: the one that the shown accounts use. */
  readonly service?: string
}

/** Opens the console of a service. */
export function OpenServiceButton({ icon, service: given }: OpenServiceButtonProps) {
  const { bridge, snapshotStore } = useWindow()
  const shown = useSnapshotStore(shownService)
  const service = given ?? shown
  return (
    <Button
      {...(icon !== undefined && { icon })}
      onPress={() =>
        void snapshotStore.runRequest(
          commonText.couldNotOpenService(service),
          bridge.openPage(pageOf(service)),
        )
      }
    >
      {commonText.openService(service)}
    </Button>
  )
}
