import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openHouseDatabase } from '../../infra/local/house.ts'
import { folderObjectStore } from '../../shared/adapters/folder/object-store.ts'
import { readConfig } from '../../shared/runtime/config.ts'
import { makeDatabase } from '../make-database.ts'
import { dumpState } from './dump.ts'

const CLI = fileURLToPath(new URL('../../bin/edgefund.mjs', import.meta.url))

export interface KilledCommand {
  readonly name: string
  readonly args: readonly string[]
  readonly kills: number
  /** Throws when the state is not the whole result of the command. */
  isWhole(state: ReadonlyMap<string, string>): void
}

/** Proves on both databases that a command which is killed at random moments, and given again, ends in the state of an undisturbed one. */
export function provesKillable({ name, args, kills: wanted, isWhole }: KilledCommand): void {
  describe.each(['embedded', 'server'] as const)(
    `${name} that is killed ${wanted} times, on the %s database`,
    (engine) => {
      const server = process.env.EDGEFUND_TEST_DATABASE_URL
      const missing = engine === 'server' && !server
      const cleanUp: (() => Promise<unknown>)[] = []
      let calmMs = 0

      const newPlace = async () => {
        const home = await mkdtemp(join(tmpdir(), 'edgefund-killed-'))
        cleanUp.push(() => rm(home, { recursive: true, force: true }))
        const env: NodeJS.ProcessEnv = { ...process.env, EDGEFUND_HOME: home, EDGEFUND_LOG_LEVEL: 'silent' }
        delete env.DATABASE_URL
        if (engine === 'server' && server) {
          const database = await makeDatabase(server)
          cleanUp.push(() => database.drop())
          env.DATABASE_URL = database.url
        }
        return { home, env }
      }
      const stateOf = async (env: NodeJS.ProcessEnv) => {
        const config = readConfig(env)
        const database = await openHouseDatabase(config)
        try {
          return await dumpState(database, folderObjectStore(join(config.home, 'objects')))
        } finally {
          await database.close()
        }
      }

      let calm: Map<string, string>
      beforeAll(async () => {
        if (missing) return
        const { env } = await newPlace()
        const begun = Date.now()
        expect(await ended(start(env, args))).toMatchObject({ code: 0 })
        calmMs = Date.now() - begun
        calm = await stateOf(env)
      }, 300_000)
      afterAll(async () => {
        for (const clean of cleanUp.reverse()) await clean()
      }, 60_000)

      it.skipIf(missing)(
        'ends in the state of an undisturbed one (the server needs EDGEFUND_TEST_DATABASE_URL)',
        async () => {
          const expectUndisturbed = async (env: NodeJS.ProcessEnv) => {
            const state = await stateOf(env)
            expect([...state.keys()]).toEqual([...calm.keys()])
            expect([...state].filter(([key, content]) => calm.get(key) !== content)).toEqual([])
            // It is the whole result that is equal, not nothing.
            isWhole(state)
          }
          let { env } = await newPlace()
          for (let kills = 0; kills < wanted; ) {
            const child = start(env, args)
            const over = ended(child)
            const timer = setTimeout(() => child.kill('SIGKILL'), Math.random() * calmMs)
            const result = await over
            clearTimeout(timer)
            if (result.code === null) kills++
            else {
              // It was faster than the kill: this one is whole, the next kills hit a new one.
              expect(result).toMatchObject({ code: 0 })
              await expectUndisturbed(env)
              env = (await newPlace()).env
            }
          }
          expect(await ended(start(env, args))).toMatchObject({ code: 0 })
          await expectUndisturbed(env)
        },
        900_000,
      )
    },
  )
}

function start(env: NodeJS.ProcessEnv, args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [CLI, ...args, '--json'], { env, stdio: ['ignore', 'ignore', 'pipe'] })
}

interface Ended {
  /** Null when a signal ended it. */
  readonly code: number | null
  readonly said: string
}

function ended(child: ChildProcess): Promise<Ended> {
  return new Promise((resolve, reject) => {
    let said = ''
    child.stderr?.on('data', (chunk) => {
      said += chunk
    })
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, said }))
  })
}
