import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { folderObjectStore } from '../../../../shared/adapters/folder/object-store.ts'
import { objectStoreContract } from '../../../contracts/object-store.ts'

const home = await mkdtemp(join(tmpdir(), 'edgefund-folder-'))
afterAll(() => rm(home, { recursive: true, force: true }))

let opened = 0
objectStoreContract('folder', async () => folderObjectStore(join(home, String(opened++))))
