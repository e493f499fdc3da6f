const stepLabels = { connect: 'Connect', watch: 'Watch', done: 'Done' } as const
export type FirstRunStep = keyof typeof stepLabels

/** Progress through the first run. */
export function StepBar({ step }: { readonly step: FirstRunStep }) {
  return (
    <ol className="steps" aria-label="Steps">
      {Object.entries(stepLabels).map(([name, label], index) => (
        <li key={name} {...(name === step ? { 'aria-current': 'step' as const } : {})}>
          {`${index + 1} ${label}`}
        </li>
      ))}
    </ol>
  )
}
