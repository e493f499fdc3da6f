import { useEffect, useMemo, useState } from 'react'
import type { Settings } from '../../../core/settings/settings'
import { resolveTheme, type ThemeName } from './screen-themes'

export interface ScreenAppearance {
  readonly fontPx: number
  /** Null selects the bundled font. */
  readonly font: string | null
  readonly theme: ThemeName
  readonly scrollbackLines: number
  /** Applies only while the terminal has the focus. */
  readonly isCursorBlinking: boolean
  readonly isForScreenReaders: boolean
}

/** Appearance by the settings, in a window with theme `window`. */
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

/** Like `screenAppearance`, but keeps its identity while nothing changes. */
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
