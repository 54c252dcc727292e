import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundle } from '../../../infra/build/bundle.ts'
import { prepareCore } from '../../shared/runtime/test-database.ts'
import { openRealParts, type RealParts } from './real-parts.ts'

export const TOY_BRIDGE = new URL('toy-bridge.ts', import.meta.url)

/** The real parts with the toys deployed as one folded function `toys`; `replicas` of it share the gateway's name in turn. */
export async function openToyParts(): Promise<RealParts & { folder: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'edgefund-toys-'))
  const here = fileURLToPath(new URL('.', import.meta.url))
  const { code } = await bundle(here, `export { default } from './toy-function.ts'`, true)
  writeFileSync(join(folder, 'handler.js'), code)
  writeFileSync(join(folder, 'package.json'), '{}')
  const parts = await openRealParts({ EDGEFUND_PACKAGING: 'folded' })
  await prepareCore(parts.database)
  await parts.deploy('toys', folder)
  return {
    ...parts,
    folder,
    async close() {
      await parts.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export interface Counts {
  readonly effects: number
  readonly events: number
}

/** Effects of a toy step, and of how many different events: equal when each took effect once. */
export async function countEffects({ database }: Pick<RealParts, 'database'>, step: string): Promise<Counts> {
  const [row] = await database.read<Counts>(
    'select count(*)::int as effects, count(distinct event_id)::int as events from toy.effects where step = $1',
    [step],
  )
  return row
}

export async function runState({ database }: Pick<RealParts, 'database'>, run: string): Promise<string | undefined> {
  const [row] = await database.read<{ state: string }>('select state from pipeline.runs where run = $1', [run])
  return row?.state
}
