import { useEffect, useMemo, useState } from 'react'
import type { Settings } from '../../../core/settings/settings'
import { type ThemeName, themeOf } from './screen-themes'

/** How a terminal is drawn. */
export interface ScreenLook {
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
export function lookOf(settings: Settings, window: ThemeName): ScreenLook {
  return {
    fontPx: settings.terminalFontPx,
    font: settings.terminalFont,
    theme: themeOf(settings.terminalTheme, window),
    scrollbackLines: settings.terminalScrollbackLines,
    isCursorBlinking: settings.isTerminalCursorBlinking,
    isForScreenReaders: settings.isTerminalForScreenReaders,
  }
}

/** Keeps its identity while nothing of it changes. */
export function useLook(settings: Settings): ScreenLook {
  const key = JSON.stringify(lookOf(settings, useWindowTheme()))
  return useMemo(() => JSON.parse(key) as ScreenLook, [key])
}

const LIGHT = '(prefers-color-scheme: light)'

function useWindowTheme(): ThemeName {
  const [isLight, setLight] = useState(() => matchMedia(LIGHT).matches)
  useEffect(() => {
    const query = matchMedia(LIGHT)
    const follow = (): void => setLight(query.matches)
    query.addEventListener('change', follow)
    return () => query.removeEventListener('change', follow)
  }, [])
  return isLight ? 'light' : 'dark'
}
