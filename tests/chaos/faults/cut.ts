import { patiently } from '../patiently'
import type { Fault } from '../world'

/** Half of the times all connections of the servers, else one of them, whatever it is doing. */
export const cut: Fault = async ({ sql, random }) => {
  const most = random() < 0.5 ? 1 : 1_000
  const rows = await patiently(() => sql`
    select pg_terminate_backend(pid) from (
      select pid from pg_stat_activity where application_name like 'vasiliasbot%' order by state = 'active' desc, random() limit ${most}) victims`)
  return { connections_cut: rows.length }
}
