import { Button } from './button'
import { commonText } from './common-text'

interface CloseButtonProps {
  readonly autoFocus?: boolean
  readonly onPress: () => void
}

/** Closes a dialog, as Escape does. */
export const CloseButton = ({ autoFocus = false, onPress }: CloseButtonProps) => (
  <Button
    kind="bare"
    icon="close"
    shortcut={commonText.escKey}
    label={commonText.close}
    autoFocus={autoFocus}
    onPress={onPress}
  />
)
