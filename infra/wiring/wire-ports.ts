import type { AllPorts } from '../../shared/runtime/ports.ts'
import { type Wire, type WiringParts, wireSome } from './parts.ts'
import * as wires from './ports.ts'

/** A wire for every port: a port without one does not compile. */
const ALL: { readonly [Port in keyof AllPorts]: Wire<AllPorts[Port]> } = wires

/** Gives every port its adapter, for a process that runs every step. */
export async function wirePorts(parts: WiringParts): Promise<AllPorts> {
  return (await wireSome(parts, ALL)) as AllPorts
}
