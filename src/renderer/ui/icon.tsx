const PATHS = {
  stop: <rect x="6" y="6" width="12" height="12" rx="2" fill="currentColor" />,
  shield: <path d="M12 3.5l7 2.8v5c0 4.3-2.9 7.6-7 9.2-4.1-1.6-7-4.9-7-9.2v-5z" />,
  bell: <path d="M6.5 16.5v-6a5.5 5.5 0 0 1 11 0v6l1.5 1.5H5zM10 20.5h4" />,
  moon: <path d="M19.5 14.2A8 8 0 0 1 9.8 4.5a8 8 0 1 0 9.7 9.7z" fill="currentColor" />,
  start: <path d="M8 5.5v13l10.5-6.5z" fill="currentColor" />,
  more: (
    <g fill="currentColor">
      <circle cx="5" cy="12" r="1.4" />
      <circle cx="12" cy="12" r="1.4" />
      <circle cx="19" cy="12" r="1.4" />
    </g>
  ),
  broom: (
    <path d="M19.5 4.5l-7 7M9.5 9.5l5 5M8.5 10.5c-2.5.5-4 2.500-4.500 6.500l2.500 3c4-.5 6-2 6.500-4.500zM8 17l-1.500 1.500" />
  ),
  refresh: <path d="M19.5 12a7.5 7.5 0 1 1-2.2-5.3M19.5 3.5v4h-4" />,
  close: <path d="M6.5 6.5l11 11M17.5 6.5l-11 11" />,
  lock: (
    <>
      <rect x="5" y="11" width="14" height="9" rx="2" />
      <path d="M8 11V8a4 4 0 0 1 8 0v3" />
    </>
  ),
  pods: (
    <>
      <rect x="4" y="4" width="7" height="7" rx="1.5" />
      <rect x="13" y="4" width="7" height="7" rx="1.5" />
      <rect x="4" y="13" width="7" height="7" rx="1.5" />
      <rect x="13" y="13" width="7" height="7" rx="1.5" />
    </>
  ),
  dollar: (
    <>
      <circle cx="12" cy="12" r="8.5" />
      <path d="M14.8 9.2c-.5-.9-1.5-1.4-2.8-1.4-1.6 0-2.8.8-2.8 2.1 0 3 5.8 1.3 5.8 4.3 0 1.3-1.3 2.1-3 2.1-1.4 0-2.5-.6-3-1.6M12 6v12" />
    </>
  ),
  search: (
    <>
      <circle cx="11" cy="11" r="6.5" />
      <path d="M16 16l4.5 4.5" />
    </>
  ),
  window: (
    <path d="M13.5 4.5h6v6M19.5 4.5l-8 8M10 5.5H6a1.5 1.5 0 0 0-1.5 1.5v11A1.5 1.5 0 0 0 6 19.5h11a1.5 1.5 0 0 0 1.5-1.5v-4" />
  ),
  split: (
    <>
      <rect x="4" y="5" width="16" height="14" rx="2" />
      <path d="M12 5v14" />
    </>
  ),
  disk: (
    <>
      <ellipse cx="12" cy="6" rx="7" ry="2.5" />
      <path d="M5 6v12c0 1.4 3.1 2.5 7 2.5s7-1.1 7-2.5V6M5 12c0 1.4 3.1 2.5 7 2.5s7-1.1 7-2.5" />
    </>
  ),
  warning: <path d="M12 4.5l8.5 15h-17zM12 10v4.5M12 17v.1" />,
  circle: <circle cx="12" cy="12" r="4" />,
  undo: <path d="M8.5 5L4 9.5 8.5 14M4 9.5h9.5a5.5 5.5 0 0 1 0 11H9" />,
  up: <path d="M7 14l5-5 5 5" />,
  chevron: <path d="M7 10l5 5 5-5" />,
  check: <path d="M5.5 12.5l4.5 4.5 8.5-10" />,
  settings: (
    <>
      <circle cx="12" cy="12" r="3.2" />
      <path d="M12 3.5v3M12 17.5v3M3.5 12h3M17.5 12h3M6 6l2.1 2.1M15.9 15.9L18 18M18 6l-2.1 2.1M8.1 15.9L6 18" />
    </>
  ),
  cloudOff: (
    <path d="M4 4l16 16M8.5 8.2A5.5 5.5 0 0 0 7 18.8h10.5M19.6 17.6a4 4 0 0 0-2.4-7A6 6 0 0 0 12 7" />
  ),
  terminal: <path d="M4.5 7l5 5-5 5M12 17.5h7.5" />,
  clock: (
    <>
      <circle cx="12" cy="12" r="8.2" />
      <path d="M12 7.5V12l3 2" />
    </>
  ),
  table: <path d="M4 6.5h16M4 12h16M4 17.5h16" />,
  ring: <circle cx="12" cy="12" r="6" strokeDasharray="4.8 3" />,
  square: <rect x="7" y="7" width="10" height="10" rx="2" />,
  triangle: <path d="M12 4.5l8.5 15h-17z" fill="currentColor" />,
  disc: <circle cx="12" cy="12" r="5.5" fill="currentColor" />,
  plus: <path d="M12 5.5v13M5.5 12h13" />,
  copy: (
    <>
      <rect x="8.5" y="8.5" width="11" height="11" rx="2" />
      <path d="M15.5 8.5v-2a2 2 0 0 0-2-2h-7a2 2 0 0 0-2 2v7a2 2 0 0 0 2 2h2" />
    </>
  ),
  plug: <path d="M9 3.5v5M15 3.5v5M6 8.5h12v3a6 6 0 0 1-12 0zM12 17.5v3" />,
  queue: <path d="M4 6.5h12M4 12h8M4 17.5h8M15.5 12.5v6l5-3z" />,
  page: <path d="M6 3.5h8l4 4v13H6zM14 3.5v4h4M9.5 12l5 5M14.5 12l-5 5" />,
} as const

export type IconName = keyof typeof PATHS

/** An icon in the text color, on a 24 × 24 grid; hidden from screen readers. */
export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      className="icon"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {PATHS[name]}
    </svg>
  )
}
