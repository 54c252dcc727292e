import { allParts } from '../real/parts.ts'

/** Says which real parts the integration tests run on; `EDGEFUND_TEST_REQUIRE=all` makes a missing one an error. */
export default function reportParts(): void {
  const parts = allParts()
  for (const { part, missing } of parts) {
    console.log(
      missing === undefined ? `real part   ${part}` : `MISSING     ${part}: ${missing}; its tests are skipped`,
    )
  }
  const absent = parts.filter(({ missing }) => missing !== undefined)
  if (absent.length > 0 && process.env.EDGEFUND_TEST_REQUIRE === 'all') {
    throw new Error(
      `All parts are required (EDGEFUND_TEST_REQUIRE), but ${absent.map(({ missing }) => missing).join('; ')}`,
    )
  }
}
