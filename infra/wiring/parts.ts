import type { Logger } from 'pino'
import type { ProviderSpec } from '../../shared/events/provider.ts'
import type { Clock } from '../../shared/ports/clock.ts'
import type { DataProvider } from '../../shared/ports/data-provider.ts'
import type { StepDatabase } from '../../shared/ports/database.ts'
import type { AlertsConfig, NewsKeys, S3Config } from '../../shared/runtime/config.ts'
import type { AllPorts } from '../../shared/runtime/ports.ts'
import type { Settings } from '../../shared/runtime/settings.ts'

/** What ports are made of, in the local house and in a function alike. */
export interface WiringParts {
  readonly database: StepDatabase
  readonly settings: Settings
  readonly clock: Clock
  readonly objects: ObjectsPlace
  /** Told what a provider has to say beside its data. */
  readonly notice: (text: string) => void
  readonly alerts: AlertsConfig
  readonly newsKeys: NewsKeys
  readonly log: Logger
  /** Where the lines of that log can be read again, if they can. */
  readonly logFolder?: string | undefined
  readonly offers: Offers
  /** Opens a provider in another way than by its name, such as on recorded replies. */
  readonly openProvider?: (spec: ProviderSpec) => Promise<DataProvider>
}

/** What becomes of a delivery that is offered again: where no bus carries it, this process is told to look. */
export interface Offers {
  readonly local: boolean
  readonly onOffered: () => void
}

/** Where objects lie: in S3 where it is configured, else in a folder; a process may have neither. */
export interface ObjectsPlace {
  readonly s3: S3Config | undefined
  readonly folder: string | undefined
}

/** How one port gets its adapter. It is made once a process; what several ports share is shared by them. */
export type Wire<Port = unknown> = (parts: WiringParts) => Port | Promise<Port>

/** The same answer for the same parts: a rate limit, a connection pool or a parsed file is there once. */
export function oncePerProcess<Made>(make: (parts: WiringParts) => Made): (parts: WiringParts) => Made {
  const made = new WeakMap<WiringParts, { readonly value: Made }>()
  return (parts) => {
    const known = made.get(parts) ?? { value: make(parts) }
    made.set(parts, known)
    return known.value
  }
}

/** Gives the named ports their adapters. Rejects with the first that cannot be made. */
export async function wireSome(
  parts: WiringParts,
  wires: Readonly<Partial<Record<keyof AllPorts, Wire>>>,
): Promise<Partial<AllPorts>> {
  const made: Record<string, unknown> = {}
  for (const [name, wire] of Object.entries(wires)) made[name] = await wire(parts)
  return made as Partial<AllPorts>
}
