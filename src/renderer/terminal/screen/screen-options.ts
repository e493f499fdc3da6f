import { useEffect, useMemo, useState } from 'react'
import type { Settings } from '../../../core/settings/settings'
import { resolveTheme, type ThemeName } from './screen-themes'

/** How a terminal is drawn. */
export interface ScreenAppearance {
  /** Px. */
  readonly fontPx: number
  /** Null: the one that Podkeeper brings. */
  readonly font: string | null
  readonly theme: ThemeName
  readonly scrollbackLines: number
  /** Only ever while it has the focus. */
  readonly isCursorBlinking: boolean
  readonly isForScreenReaders: boolean
}

/** As the settings say, in a window of this theme. */
export function screenAppearance(settings: Settings, window: ThemeName): ScreenAppearance {
  return {
    fontPx: settings.terminalFontPx,
    font: settings.terminalFont,
    theme: resolveTheme(settings.terminalTheme, window),
    scrollbackLines: settings.terminalScrollbackLines,
    isCursorBlinking: settings.isTerminalCursorBlinking,
    isForScreenReaders: settings.isTerminalForScreenReaders,
  }
}

/** Keeps its identity while nothing of it changes. */
export function useScreenAppearance(settings: Settings): ScreenAppearance {
  const key = JSON.stringify(screenAppearance(settings, useWindowTheme()))
  return useMemo(() => JSON.parse(key) as ScreenAppearance, [key])
}

const LIGHT_QUERY = '(prefers-color-scheme: light)'

function useWindowTheme(): ThemeName {
  const [isLight, setLight] = useState(() => matchMedia(LIGHT_QUERY).matches)
  useEffect(() => {
    const query = matchMedia(LIGHT_QUERY)
    const onChange = (): void => setLight(query.matches)
    query.addEventListener('change', onChange)
    return () => query.removeEventListener('change', onChange)
  }, [])
  return isLight ? 'light' : 'dark'
}
