import { Button } from '../button'
import { commonText } from '../common-text'

interface MatchButtonsProps {
  /** Where Enter in the field goes; Shift+Enter goes the other way. */
  readonly enterGoes: 1 | -1
  readonly onGo: (direction: 1 | -1) => void
}

/** Go to the previous and the next match of a search. */
export function MatchButtons({ enterGoes, onGo }: MatchButtonsProps) {
  const keyOf = (direction: 1 | -1): string =>
    direction === enterGoes ? commonText.enterKey : commonText.shiftEnterKey
  return (
    <>
      <Button
        kind="bare"
        icon="up"
        shortcut={keyOf(-1)}
        label={commonText.previousMatch}
        onPress={() => onGo(-1)}
      />
      <Button
        kind="bare"
        icon="chevron"
        shortcut={keyOf(1)}
        label={commonText.nextMatch}
        onPress={() => onGo(1)}
      />
    </>
  )
}
