import { createContext, useContext } from 'react'

/** How long before a stop its warnings come, ms. Empty until the settings are known. */
export const WarningLeads = createContext<readonly number[]>([])

export const useWarningLeadsMs = (): readonly number[] => useContext(WarningLeads)
