import { pino } from 'pino'
import { InputError, UnavailableError } from '../../shared/ports/errors.ts'
import { readConfig } from '../../shared/runtime/config.ts'
import type { StepOutline } from '../../shared/runtime/outline.ts'
import { type BridgeOptions, runBridge } from './run-bridge.ts'

const BAD_INPUT = 2
const AWAY = 3

/** The bridge as a process: configured by the environment, ended by SIGTERM or SIGINT (a second one does not wait). */
export async function serveBridge(
  outlines: readonly StepOutline[],
  timing: Pick<BridgeOptions, 'leaseMs' | 'sweepEveryMs' | 'hold'> = {},
): Promise<void> {
  try {
    const config = readConfig()
    const { gatewayUrl: gateway, packaging } = config.bridge
    const log = pino({ level: config.logLevel, base: { service: 'bridge' } })
    const bridge = await runBridge({ config, outlines, log, ...timing })
    log.info({ port: bridge.port, gateway, packaging }, 'up')
    let asked = 0
    const leave = async (signal: NodeJS.Signals) => {
      if (++asked > 1) process.exit(1)
      log.info({ signal }, 'finishing the calls under way')
      await bridge.stop()
      process.exit(0)
    }
    process.on('SIGTERM', leave)
    process.on('SIGINT', leave)
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = error instanceof InputError ? BAD_INPUT : error instanceof UnavailableError ? AWAY : 1
  }
}
