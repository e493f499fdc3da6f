import { createContext, type ReactNode, useContext, useMemo } from 'react'
import { MINUTE_MS } from '../../../core/base/time/time'
import { useSettings } from '../../state/hooks/use-settings'

const WarningLeadsContext = createContext<readonly number[]>([])

/** Tells the cards in it how long before a stop its warnings come. */
export function WarningLeads({ children }: { readonly children: ReactNode }) {
  const settings = useSettings()?.settings
  const leadsMs = useMemo(
    () =>
      settings === undefined
        ? []
        : [settings.autoStopFirstWarningMin * MINUTE_MS, settings.autoStopLastWarningMin * MINUTE_MS],
    [settings],
  )
  return <WarningLeadsContext value={leadsMs}>{children}</WarningLeadsContext>
}

/** How long before a stop its warnings come, ms. Empty until the settings are known. */
export const useWarningLeadsMs = (): readonly number[] => useContext(WarningLeadsContext)
