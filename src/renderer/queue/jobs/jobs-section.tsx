import type { ReactNode } from 'react'

interface JobsSectionProps {
  /** Unique on the page. */
  readonly id: string
  readonly title: string
  /** Beside the title: how many there are. */
  readonly note: ReactNode
  /** At the right. */
  readonly hint?: ReactNode
  readonly children: ReactNode
}

/** A titled part of the Queue page. */
export const JobsSection = ({ id, title, note, hint, children }: JobsSectionProps) => (
  <section aria-labelledby={id}>
    <h2 id={id}>
      {title} <span>{note}</span>
      {hint}
    </h2>
    {children}
  </section>
)
