import { Radio, RadioGroup } from 'react-aria-components'
import { type ProviderKind, providerKinds, providerName } from '../../core/settings/account-record'
import { connectText } from './connect-text'

interface ProviderChoiceProps {
  readonly chosen: ProviderKind
  readonly onChoose: (provider: ProviderKind) => void
}

/** Whose key is added. */
export function ProviderChoice({ chosen, onChoose }: ProviderChoiceProps) {
  return (
    <RadioGroup
      className="provider-choice"
      aria-label={connectText.provider}
      orientation="horizontal"
      value={chosen}
      onChange={(value) => onChoose(value === 'hubify' ? 'hubify' : 'runpod')}
    >
      {providerKinds.map((provider) => (
        <Radio key={provider} className="provider-radio" value={provider}>
          {providerName(provider)}
        </Radio>
      ))}
    </RadioGroup>
  )
}
